"""Who reports is told to nobody, whatever becomes of the answer to it."""

from collections.abc import Callable

import pytest

from sop.events import DeliveryFailed
from sop.model import LearnedText, Note, Outgoing, Person, Report, Task, Trace
from tests import builders
from tests.builders import GROUP
from tests.lives import MINUTE, Life, life

PACK = """
rules:
  checks: [{id: ads, detect: ads}]
  reports: {per_day: 9}
steps: []
"""
SAID = "本周六下午老地方，带上身份证，名额不多"


def club_of() -> Life:
    return life(PACK, groups=[builders.group(owner="boss", staff=("helper",))])


def answered(club: Life, word: str) -> None:
    [task] = club.read(Task, kind__in=("report", "report-look"), status="open")
    club.now += MINUTE
    club.say(f"{word} {task.id}", "helper")


def lose_everything(club: Life) -> None:
    club.now += MINUTE
    for each in club.read(Outgoing, status="pending"):
        club.happen(DeliveryFailed, group=GROUP, action=each.id, error="81013: nobody reachable")


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda _: None, id="open"),
        pytest.param(lambda club: answered(club, "同意"), id="founded"),
        pytest.param(lambda club: answered(club, "拒绝"), id="groundless"),
        pytest.param(lambda club: club.say("广告", "helper", quote=SAID), id="said by staff"),
    ],
)
@pytest.mark.parametrize("group", [GROUP, ""], ids=["in the group", "in private"])
def test_no_task_note_or_learned_text_tells_who_reported(end: Callable[[Life], None], group: str):
    with club_of() as club:
        club.say(SAID)
        club.say("大家好", "wang", name="王五甲")
        club.now += MINUTE
        club.say("举报", "wang", quote=SAID, group=group)
        end(club)
        lose_everything(club)
        [wang] = club.read(Person, userid="wang")
        [report] = club.read(Report)

        assert report.reporter == wang.id
        assert [each for each in club.read(Task) if each.person == wang.id] == []
        kept = [*club.read(Task), *club.read(Note), *club.read(LearnedText), *club.read(Trace)]
        assert [each for each in kept if "wang" in repr(each) or "王五甲" in repr(each)] == []
