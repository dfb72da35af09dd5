import base64
import hashlib
from collections.abc import Mapping
from typing import Any

import pytest

from bot.channels.sandbox import content, media
from tests.unit.bot.sandbox.corps import DAY, Clock, a_corp, refusal, text

# Three bytes in UTF-8.
HAN = "\u597d"


def _markdown(value: str, kind: str = "markdown") -> dict[str, Any]:
    return {"msgtype": kind, kind: {"content": value}}


@pytest.mark.parametrize(
    ("takes", "body", "errcode"),
    [
        pytest.param(content.APPCHAT, text("a" * 2048), 0, id="appchat text, just fits"),
        pytest.param(content.APPCHAT, text("a" * 2049), 45002, id="appchat text, one too many"),
        pytest.param(content.APPCHAT, text(HAN * 682), 0, id="bytes, not characters, fit"),
        pytest.param(content.APPCHAT, text(HAN * 683), 45002, id="bytes, not characters, count"),
        pytest.param(content.MESSAGE, _markdown("a" * 2049), 45002, id="app markdown"),
        pytest.param(content.WEBHOOK, _markdown("a" * 4096), 0, id="robot markdown fits"),
        pytest.param(content.WEBHOOK, _markdown("a" * 4097), 45002, id="robot markdown"),
        pytest.param(content.WEBHOOK, _markdown("a", "markdown_v2"), 0, id="markdown_v2"),
        pytest.param(content.APPCHAT, _markdown("a", "markdown_v2"), 40008, id="robots only"),
        pytest.param(content.RESPONSE, _markdown("a" * 20_480), 0, id="response fits"),
        pytest.param(content.RESPONSE, _markdown("a" * 20_481), 45002, id="response"),
        pytest.param(content.RESPONSE, text("a"), 40008, id="a response is no text"),
        pytest.param(content.LINK_SEND, text("a"), 40008, id="the link sends no text"),
        pytest.param(content.APPCHAT, text(""), 44004, id="empty"),
        pytest.param(content.APPCHAT, {"msgtype": "text"}, 44004, id="text missing"),
        pytest.param(content.APPCHAT, {"msgtype": "text", "text": "a"}, 44004, id="no object"),
        pytest.param(content.APPCHAT, text(["a"]), 40058, id="content not text"),
        pytest.param(content.APPCHAT, text("\ud800"), 40033, id="half a character"),
        pytest.param(content.APPCHAT, {}, 40008, id="no type"),
        pytest.param(content.APPCHAT, {"msgtype": ["text"]}, 40008, id="type not text"),
        pytest.param(content.APPCHAT, {"msgtype": "template_card"}, 40008, id="no appchat card"),
        pytest.param(content.RESPONSE, {"msgtype": "template_card"}, 40063, id="empty card"),
        pytest.param(content.APPCHAT, {"msgtype": "image"}, 40007, id="no media_id"),
        pytest.param(content.WEBHOOK, {"msgtype": "video"}, 40008, id="robots show no video"),
        pytest.param(
            content.APPCHAT, {"msgtype": "news", "news": {"articles": []}}, 40058, id="no article"
        ),
    ],
)
def test_types_and_sizes_of_each_way(
    takes: Mapping[str, int | None], body: dict[str, Any], errcode: int
):
    corp = a_corp()

    if errcode:
        assert refusal(content.read, corp, body, takes) == errcode
    else:
        assert content.read(corp, body, takes).text


def test_an_appchat_text_names_those_it_mentions_once():
    body = text("<@a> <@b>")
    body["text"]["mentioned_list"] = ["b", 7, "@all"]

    assert content.read(a_corp(), body, content.APPCHAT).mentions == ("b", "@all", "a")


def test_markdown_v2_mentions_nobody():
    body = _markdown("<@a>", "markdown_v2")

    assert content.read(a_corp(), body, content.WEBHOOK).mentions == ()


def test_cards_and_articles_are_shown_by_their_titles():
    news = {"msgtype": "news", "news": {"articles": [{"title": "T", "description": "D"}]}}
    card = {
        "msgtype": "template_card",
        "template_card": {"card_type": "text_notice", "main_title": {"title": "C"}},
    }

    assert content.read(a_corp(), news, content.APPCHAT).text == "T\nD"
    assert content.read(a_corp(), card, content.WEBHOOK).text == "C"


def test_an_uploaded_file_can_be_sent_for_three_days():
    clock = Clock()
    corp = a_corp(clock)
    media_id = media.upload(corp, "file", "week.pdf", b"%PDF-1.7")["media_id"]
    body = {"msgtype": "file", "file": {"media_id": media_id}}

    assert content.read(corp, body, content.APPCHAT).text == "[file] week.pdf"
    clock.pass_ms(3 * DAY)
    assert refusal(content.read, corp, body, content.APPCHAT) == 40007


@pytest.mark.parametrize(
    ("kind", "size", "errcode"),
    [
        pytest.param("file", 5, 44001, id="five bytes"),
        pytest.param("voice", (2 << 20) + 1, 45001, id="voice above 2 MB"),
        pytest.param("stone", 10, 40008, id="unknown kind"),
    ],
)
def test_uploads_that_are_refused(kind: str, size: int, errcode: int):
    assert refusal(media.upload, a_corp(), kind, "f", b"x" * size) == errcode


def _image(raw: bytes, **fields: Any) -> dict[str, Any]:
    encoded = base64.b64encode(raw).decode()
    digest = hashlib.md5(raw).hexdigest()
    return {"msgtype": "image", "image": {"base64": encoded, "md5": digest} | fields}


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        pytest.param(_image(b"x" * (2 << 20)), 0, id="2 MB fit"),
        pytest.param(_image(b"x" * ((2 << 20) + 1)), 45001, id="one byte more"),
        pytest.param(_image(b"x", md5="0"), 40058, id="wrong md5"),
        pytest.param(_image(b"x", base64="?"), 40058, id="not base64"),
        pytest.param(_image(b""), 44001, id="empty"),
    ],
)
def test_a_robots_image_is_base64_with_its_md5(body: dict[str, Any], errcode: int):
    if errcode:
        assert refusal(content.read, a_corp(), body, content.WEBHOOK) == errcode
    else:
        assert content.read(a_corp(), body, content.WEBHOOK).text == "[image]"
