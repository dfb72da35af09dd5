"""QR codes: what is drawn can be read, with whatever label; what is no picture is refused."""

import io
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.pictures import easel, qr
from bot.pictures.canvas import WIDTH
from bot.pictures.painter import MAX_PICTURE
from tests.unit.bot.pictures.faces import lettering

URL = "https://q.example.com/s/ABCDEFGHJKMNPQRS"


@settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(label=st.text(max_size=80), length=st.integers(0, 900))
def test_what_is_drawn_can_be_read_whatever_its_label(label: str, length: int, tmp_path: Path):
    url = URL + "x" * length
    drawn = easel.draw(
        {"kind": "qr", "url": url, "label": label, "hint": "scan"}, lettering(tmp_path)
    )

    assert Image.open(io.BytesIO(drawn)).width == WIDTH
    assert len(drawn) < MAX_PICTURE
    assert qr.read(drawn) == (url,)
    assert qr.read(qr.bare(url)) == (url,)


def test_the_label_is_seen(tmp_path: Path):
    wish = {"kind": "qr", "url": URL, "label": "spring books", "hint": "scan me"}

    drawn = {easel.draw({**wish, part: ""}, lettering(tmp_path)) for part in ("label", "hint")}
    assert len({easel.draw(wish, lettering(tmp_path)), *drawn}) == 3


def test_svg_is_well_formed_and_shows_the_label_as_text():
    label = '书单 <script>alert(1)</script> & "more" than has room in one line of this code'
    root = ET.fromstring(qr.svg(URL, label))

    text = root.find("{http://www.w3.org/2000/svg}text")
    assert text is not None
    assert text.text is not None
    assert text.text.startswith("书单 <script>")
    assert text.text.endswith("…")
    assert root.findall(".//{http://www.w3.org/2000/svg}script") == []


@pytest.mark.parametrize("broken", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
def test_what_is_no_picture_is_refused(broken: bytes):
    with pytest.raises(ValueError, match="no picture"):
        qr.read(broken)


def test_a_picture_without_a_code_says_nothing_and_a_huge_one_is_not_read(
    monkeypatch: pytest.MonkeyPatch,
):
    plain = io.BytesIO()
    Image.new("RGB", (300, 200), (255, 255, 255)).save(plain, "PNG")

    assert qr.read(plain.getvalue()) == ()
    monkeypatch.setattr(qr, "MOST_PIXELS", 1_000)
    with pytest.raises(ValueError, match="too large"):
        qr.read(plain.getvalue())


@pytest.mark.parametrize("url", ["", "https://example.com/" + "x" * 1_000])
def test_an_address_that_no_phone_could_read_is_refused(url: str):
    with pytest.raises(ValueError, match="no address"):
        qr.svg(url, "x")
