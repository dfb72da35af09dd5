"""A transcript's line as people read it: time, where, what, to whom, and the words below."""

from typing import Any

import pytest

from bot.rehearsal.told import told

AT = "2026-12-01T08:00:00+08:00"


def line(**fields: Any) -> str:
    return told({"at": AT, **fields})


@pytest.mark.parametrize(
    ("fields", "parts"),
    [
        ({"group": "g", "do": "post", "step": "morning"}, ["g  ", "post", "step=morning"]),
        ({"do": "dm", "to": "li", "member": "li"}, ["dm", "to=li", "member=li"]),
        ({"do": "post", "mention": "all"}, ["mention=all"]),
        ({"do": "post", "mention": ["li", "wang"]}, ["mention=li,wang"]),
        ({"do": "points", "member": "li", "points": -3, "deed": "strike"}, ["-3 strike"]),
        ({"do": "points", "member": "li", "points": 0, "deed": "message"}, ["+0 message"]),
        ({"do": "held", "reason": "quiet"}, ["(quiet)"]),
        ({"do": "level", "member": "li", "text": "friend"}, ["member=li -> friend"]),
    ],
)
def test_only_what_applies_is_shown(fields: dict[str, Any], parts: list[str]):
    shown = line(**fields)

    assert shown.startswith("2026-12-01 08:00:00  ")
    assert "\n" not in shown
    assert [part for part in parts if part not in shown] == []


def test_the_words_stand_below_and_keep_their_line_breaks():
    head, *words = line(group="g", do="post", text="早\n安").splitlines()

    assert "早" not in head
    assert [each.strip() for each in words] == ["早", "安"]
    assert {len(each) - len(each.lstrip()) for each in words} == {22}
