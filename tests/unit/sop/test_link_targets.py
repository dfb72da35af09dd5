"""Where a link of ours may lead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.links import link_targets


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "http://example.com:8080/a?b=c#d",
        "https://书店.中国/春天?课=诗",
        "https://work.weixin.qq.com/gm/0123456789abcdef",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]/x",
        "HTTPS://Example.COM/A%20B",
    ],
)
def test_the_open_web_may_be_led_to(url: str):
    assert link_targets.refusal(url) == ""
    assert link_targets.ascii_form(url).isascii()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "empty"),
        ("https://example.com/" + "a" * 2_000, "long"),
        ("javascript:alert(1)", "scheme"),
        ("JavaScript:alert(1)//https://example.com", "scheme"),
        ("data:text/html,x", "scheme"),
        ("ftp://example.com/x", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("weixin://dl/business", "scheme"),
        (" javascript:alert(1)", "form"),
        ("java\tscript:alert(1)", "form"),
        ("//example.com", "form"),
        ("example.com/x", "form"),
        ("https://", "form"),
        ("https:example.com", "form"),
        ("https:///example.com", "form"),
        ("https://example.com\\@evil.com", "form"),
        ("https://example.com/\r\nSet-Cookie: a=b", "form"),
        ("https://exa\u200bmple.com", "form"),
        ("https://example.com:port/", "form"),
        ("https://%65xample.com/", "form"),
        ("https://%31%30.0.0.1/", "private"),
        ("https://li:secret@example.com/", "credentials"),
        ("https://example.com@evil.com/", "credentials"),
        ("http://localhost/", "private"),
        ("http://localhost./", "private"),
        ("http://router/", "private"),
        ("http://wiki.corp/x", "private"),
        ("http://printer.local/", "private"),
        ("http://127.0.0.1:8080/admin", "private"),
        ("http://10.0.0.1", "private"),
        ("http://192.168.1.1/", "private"),
        ("http://172.16.3.4/", "private"),
        ("http://169.254.169.254/latest/meta-data", "private"),
        ("http://100.64.0.1/", "private"),
        ("http://0.0.0.0/", "private"),
        ("http://224.0.0.1/", "private"),
        ("http://2130706433/", "private"),
        ("http://0x7f.1/", "private"),
        ("http://127.1/", "private"),
        ("http://017700000001/", "private"),
        ("http://１２７．０．０．１/", "private"),
        ("http://[::1]/", "private"),
        ("http://[fd00::1]/", "private"),
        ("http://[::ffff:10.0.0.1]/", "private"),
        ("http://[::ffff:8.8.8.8]/", "private"),
        ("http://[64:ff9b::a00:1]/", "private"),
        ("http://[2002:a00:1::]/", "private"),
        ("http://[::10.0.0.1]/", "private"),
        ("http://[::ffff:0:10.0.0.1]/", "private"),
        ("http://[64:ff9b:1::a00:1]/", "private"),
        ("http://[fec0::1]/", "private"),
        ("http://[2001:0:a00:1::]/", "private"),
        ("http://[v1.x]/", "form"),
        ("http://kubernetes.default.svc/", "private"),
        # A browser of today reads these as other names than the older rules do.
        ("https://faß.de/", "form"),
        ("https://βόλος.gr/", "form"),
        # Encoded it is longer than what any proxy lets pass.
        ("https://example.com/" + "书" * 1_000, "long"),
    ],
)
def test_anything_else_is_refused_with_a_word_why(url: str, why: str):
    assert link_targets.refusal(url) == why
    with pytest.raises(ValueError, match=why):
        link_targets.ascii_form(url)


@given(st.text(max_size=60) | st.text("htps:/\\@.%0127[]#?ａ。\n", max_size=40))
def test_whatever_is_written_what_passes_fits_in_a_header_and_stays_allowed(rest: str):
    for url in (rest, f"https://{rest}", f"http://example.com{rest}"):
        if not link_targets.refusal(url):
            shown = link_targets.ascii_form(url)
            assert shown.isascii()
            assert shown.isprintable()
            assert " " not in shown
            assert link_targets.refusal(shown) == ""
