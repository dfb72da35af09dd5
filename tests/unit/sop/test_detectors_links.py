import pytest

from sop.detectors.detector_data import packaged
from sop.detectors.detectors import build
from sop.links.hosts import domain, hosts, pages, within
from tests.unit.sop.saying import said

LINKS = build("links", {"allow_domains": ["example.com", "例子.中国"]})


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("早上好。今天读第3.5节", id="no link at all"),
        pytest.param("https://example.com/a?u=http://evil.cn", id="a parameter is no host"),
        pytest.param("https://www.example.com", id="a subdomain"),
        pytest.param("HTTPS://EXAMPLE.COM:443/", id="capitals and a port"),
        pytest.param("https://example.com./", id="the root's dot"),
        pytest.param("看https://example.com，很好", id="Chinese around it"),
        pytest.param("看https://example.com很好", id="Chinese close behind it"),
        pytest.param("看https://example.com。大家好", id="a full stop behind it"),
        pytest.param("https://example.com@张三 看看", id="a mention close behind it"),
        pytest.param("https://例子.中国/书", id="an allowed Chinese domain"),
        pytest.param("https://xn--fsqu00a.xn--fiqs8s", id="the same in ASCII"),
        pytest.param("打开 main.py 和 README.md", id="file names"),
        pytest.param("升级到 v1.2.3 了", id="a version"),
        pytest.param("写信到 me@evil.cn", id="a mail address is no link"),
        pytest.param("a.b 和 e.g. 都不是", id="abbreviations"),
    ],
)
def test_allowed_links_and_what_is_no_link_pass(text: str) -> None:
    verdict = LINKS(said(text))

    assert verdict is not None
    assert not verdict.violated


@pytest.mark.parametrize(
    ("text", "host"),
    [
        pytest.param("https://evil.cn", "evil.cn", id="another domain"),
        pytest.param("HTTPS://EVIL.CN", "evil.cn", id="capitals"),
        pytest.param("看evil.cn吧", "evil.cn", id="without a scheme"),
        pytest.param("www.evil.abc", "www.evil.abc", id="www with an unknown top domain"),
        pytest.param("evil.abc/join", "evil.abc", id="a path with an unknown top domain"),
        pytest.param("https://evil-example.com", "evil-example.com", id="a longer name"),
        pytest.param("https://example.com.evil.cn", "example.com.evil.cn", id="a prefix"),
        pytest.param("https://notexample.com", "notexample.com", id="no dot between"),
        pytest.param("https://example.com@evil.cn/", "evil.cn", id="user information"),
        pytest.param("https://example.com:80@evil.cn", "evil.cn", id="with a password"),
        pytest.param("https://a@b@evil.cn", "evil.cn", id="two at signs"),
        pytest.param(r"https://evil.cn\@example.com", "evil.cn", id="a back slash"),
        pytest.param(r"https:\\evil.cn", "evil.cn", id="back slashes for slashes"),
        pytest.param("https://evil%2ecn", "evil.cn", id="percent signs"),
        pytest.param("ｈｔｔｐｓ：／／ｅｖｉｌ．ｃｎ", "evil.cn", id="full width"),
        pytest.param("evil。cn", "evil.cn", id="an ideographic dot"),
        pytest.param("ev\u200bil.cn", "evil.cn", id="zero width inside"),
        pytest.param("..evil.cn", "evil.cn", id="dots before it"),
        pytest.param("https://еxample.com", "xn--xample-2of.com", id="a Cyrillic letter"),
        pytest.param(
            "https://example.com.中国", "example.com.xn--fiqs8s", id="a Chinese top domain"
        ),
        pytest.param("http://1.2.3.4/x", "1.2.3.4", id="an address"),
        pytest.param("http://16909060/", "1.2.3.4", id="an address as one number"),
        pytest.param("http://[::1]:80/", "::1", id="an IPv6 address"),
        pytest.param("https://example.com evil.cn", "evil.cn", id="behind an allowed one"),
    ],
)
def test_other_links_are_found_under_their_true_host(text: str, host: str) -> None:
    verdict = LINKS(said(text))

    assert verdict is not None
    assert verdict.violated
    assert [signal.evidence for signal in verdict.signals] == [host]


def test_without_allowed_domains_every_link_is_a_breach() -> None:
    verdict = build("links", {})(said("https://example.com"))

    assert verdict is not None
    assert verdict.violated


def test_hosts_come_in_order_each_once() -> None:
    found = hosts("b.cn a.cn https://b.cn/x", packaged().endings)

    assert found == ("b.cn", "a.cn")


@pytest.mark.parametrize(
    ("written", "ascii_form"),
    [
        pytest.param("Example.COM", "example.com", id="capitals"),
        pytest.param("https://example.com/path", "example.com", id="a whole link"),
        pytest.param("*.example.com", "example.com", id="a star"),
        pytest.param(".example.com.", "example.com", id="dots at the ends"),
        pytest.param("例子.中国", "xn--fsqu00a.xn--fiqs8s", id="Chinese"),
    ],
)
def test_an_allowed_domain_may_be_written_in_many_ways(written: str, ascii_form: str) -> None:
    assert domain(written) == ascii_form


@pytest.mark.parametrize("written", ["", "com", "a b.com", "-a.com", "*", "https://"])
def test_what_is_no_domain_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is not a domain"):
        domain(written)


@pytest.mark.parametrize(
    ("host", "inside"),
    [
        pytest.param("example.com", True, id="itself"),
        pytest.param("a.b.example.com", True, id="below it"),
        pytest.param("evilexample.com", False, id="the same ending"),
        pytest.param("com", False, id="above it"),
    ],
)
def test_within_goes_by_labels(host: str, *, inside: bool) -> None:
    assert within(host, {"example.com"}) is inside


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            "看 https://A.example.com/b/?x=1#c 吧", ("a.example.com/b/?x=1",), id="a page"
        ),
        pytest.param("a.example.com/b/", ("a.example.com/b",), id="a bare name"),
        pytest.param("https://a.example.com/", ("a.example.com",), id="a root"),
        pytest.param("https://u@a.example.com:8080/b，好", ("a.example.com/b",), id="a port"),
        pytest.param("https:\\\\a.example.com\\b", ("a.example.com/b",), id="back slashes"),
        pytest.param("a@example.com 早", (), id="a mail address"),
    ],
)
def test_a_page_is_told_by_host_path_and_query(text: str, found: tuple[str, ...]) -> None:
    assert pages(text, packaged().endings) == found
