"""What check tells of collections in the groups a pack is bound to."""

import pytest

from tests.unit.sop.test_check_bound import MENTIONS, group, said

PACK = "steps: [{id: x, when: 10:00 day 1, do: [{collect: {title: 墙, for: 2d, %s}}]}]\n"
WEBHOOK = {"webhook": "x"}


@pytest.mark.parametrize(
    ("rules", "channels", "told"),
    [
        ("kind: story", WEBHOOK, "people must hold it in group"),
        ("kind: story, goal: 9", WEBHOOK, "neither entries nor the goal are heard"),
        ("kind: wish, anonymous: true", {"aibot": "x"}, "nobody can be written to in private"),
        ("kind: photo", MENTIONS, "a picture must come with the words in group"),
        ("kind: story, goal: 9", MENTIONS, ""),
        ("kind: photo", {"sandbox": "x"}, ""),
    ],
)
def test_what_a_group_cannot_hear_of_a_collection(rules: str, channels: dict[str, str], told: str):
    found = said(PACK % rules, group(channels)).get("steps[0].do[0].collect", "")

    assert told in found
    assert bool(told) == bool(found)
