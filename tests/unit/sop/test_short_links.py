"""Short links: who opens one, whether it is a person, and what they get."""

import pytest

from sop.links import link_wishes, short_links
from sop.model import ShortLink

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
WECHAT = f"{PHONE} MicroMessenger/8.0.50(0x1800323b) NetType/WIFI Language/zh_CN"
WECOM = f"{PHONE} wxwork/4.1.30 MicroMessenger/7.0.1 Language/zh"


def link(**fields: object) -> ShortLink:
    values = {"code": "A" * 16, "community": "c", "kind": "made", "name": "1", "at": 0}
    return ShortLink(**{**values, **fields})  # type: ignore[arg-type] # one of its fields


@pytest.mark.parametrize(
    ("agent", "platform"),
    [(WECOM, "wecom"), (WECHAT, "wechat"), (PHONE, "browser"), ("", "browser")],
)
def test_the_platform_is_told_by_what_a_program_calls_itself(agent: str, platform: str):
    assert short_links.platform_of(agent) == platform


@pytest.mark.parametrize(
    "agent",
    [
        WECOM,
        WECHAT,
        PHONE,
        "Mozilla/5.0 (Windows NT 10.0) Chrome/130",
        "Mozilla/5.0 (Linux; Android 12; CUBOT X50) Chrome/130 Mobile",
    ],
)
def test_a_person_who_wants_the_page_is_one(agent: str):
    assert short_links.is_person("GET", {"user-agent": agent})
    asked = {"user-agent": agent, "sec-fetch-dest": "document", "sec-purpose": ""}
    assert short_links.is_person("GET", asked)


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", {"user-agent": WECHAT}),
        ("GET", {}),
        ("GET", {"user-agent": "Mozilla/5.0 (compatible; Baiduspider/2.0)"}),
        ("GET", {"user-agent": "Googlebot/2.1"}),
        ("GET", {"user-agent": "curl/8.5"}),
        ("GET", {"user-agent": "python-requests/2.32"}),
        ("GET", {"user-agent": f"{PHONE} HeadlessChrome/130"}),
        ("GET", {"user-agent": "facebookexternalhit/1.1"}),
        ("GET", {"user-agent": WECHAT, "sec-purpose": "prefetch;prerender"}),
        ("GET", {"user-agent": WECHAT, "purpose": "preview"}),
        ("GET", {"user-agent": WECHAT, "sec-fetch-dest": "image"}),
    ],
)
def test_previews_crawlers_and_parts_of_pages_are_nobody(method: str, headers: dict[str, str]):
    assert not short_links.is_person(method, headers)


def test_what_a_visitor_gets_is_settled_in_this_order():
    to = "https://example.com"
    assert short_links.verdict(None, to, "wechat", 5) == "unknown"
    assert short_links.verdict(link(), "", "wechat", 5) == "ended"
    assert short_links.verdict(link(kind="invitation"), "", "wechat", 5) == "open"
    assert short_links.verdict(link(stopped_at=1, expires_at=4), to, "wechat", 5) == "ended"
    assert short_links.verdict(link(expires_at=5, most=1, clicks=1), to, "wechat", 5) == "expired"
    assert short_links.verdict(link(expires_at=6), to, "wechat", 5) == "open"
    only = link(platforms=("wecom",))
    assert short_links.verdict(link(most=2, clicks=1), to, "wechat", 5) == "open"
    assert short_links.verdict(link(most=2, clicks=2), to, "wechat", 5) == "full"
    assert short_links.verdict(only, to, "wechat", 5) == "elsewhere"
    assert short_links.verdict(only, to, "wecom", 5) == "open"


def test_codes_have_eighty_bits_and_depend_on_the_secret():
    made = {short_links.code_of("secret", str(number)) for number in range(2_000)}
    assert len(made) == 2_000
    assert all(short_links.as_code(code.lower()) == code for code in made)
    assert len(set("".join(made))) ** short_links.LENGTH == 2**80
    assert short_links.code_of("secret", "1") == short_links.code_of("secret", "1")
    assert short_links.code_of("secret", "1") != short_links.code_of("other", "1")


@pytest.mark.parametrize(
    "text", ["", "A" * 15, "A" * 17, "A" * 15 + "I", "../../etc/passwd", "Ａ" * 16]
)
def test_what_can_be_no_code_is_none(text: str):
    assert short_links.as_code(text) == ""


def test_staff_say_in_any_order_what_holds_for_a_link():
    wish = link_wishes.read_wish("春季 书单 7天 https://example.com/a 100次 仅微信 仅企微 仅微信")
    assert wish == link_wishes.Wish(
        url="https://example.com/a", title="春季 书单", for_ms=7 * 86_400_000, clicks=100,
        platforms=("wechat", "wecom"),
    )  # fmt: skip
    assert link_wishes.read_wish("12小时 http://a.cn").for_ms == 12 * 3_600_000
    # Too much is no limit, and is said; a second address is a word of the title.
    wish = link_wishes.read_wish("https://a.cn https://b.cn 99999999天 0次")
    assert (wish.url, wish.title, wish.for_ms, wish.unclear) == (
        "https://a.cn", "https://b.cn", 0, "99999999天",
    )  # fmt: skip
    assert link_wishes.read_wish("javascript:alert(1) 书单").url == "javascript:alert(1)"
    assert link_wishes.read_wish("书单").url == ""
