"""Entries that wait for a yes, answered all at once: counted, confirmed, and bit by bit."""

import pytest

from handlers.collections import bulk_answers
from sop.actions import Action
from sop.model import BulkAnswer, Item, Task
from tests import builders
from tests.builders import EVENING
from tests.lives import HOUR, MINUTE, Life, life, of
from tests.unit.handlers.test_collections_kept import HEAD, opened, privately, said, step

STORIES = step("stories", "title: 我和书, kind: story, for: 30h, review: true")
WISHES = step("wishes", "title: 心愿墙, kind: wish, anonymous: true, for: 30h, review: true")


def give(club: Life, word: str, *who: str) -> None:
    for name in who:
        club.now += 5_000
        privately(club, f"{word} {name * 5} 书架上的故事", name)


def answer(club: Life, words: str, sender: str = "owner") -> str:
    club.now += 1_000
    return said(privately(club, words, sender))


def told(lines: list[Action], club: Life, name: str) -> list[str]:
    number = str(club.person(name).id)
    return [each.text for each in of(lines, "dm") if each.to == number]


def test_all_that_waits_is_counted_first_and_answered_bit_by_bit_once_confirmed(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(bulk_answers, "AT_ONCE", 4)
    people = [f"p{number}" for number in range(10)]
    with life(HEAD + STORIES) as club:
        opened(club, *people)
        give(club, "投稿", *people)
        assert "有 10 条投稿" in answer(club, "同意 全部")
        give(club, "投稿", "owner")
        privately(club, "投稿 后来才写的一个很长的故事", "p3")
        assert club.read(Item, status="open") == []

        assert "都好了私下告诉你" in answer(club, "确认")
        lines = club.wait(club.now + MINUTE)
        assert len(club.read(Item, status="open")) == 10
        assert {each.kind for each in club.read(Task, status="open")} == {"review-entry"}
        assert len(club.read(Task, status="open")) == 2
        assert told(lines, club, "owner") == ["刚才的投稿都答复好了，一共 10 条。"]
        assert club.person("p0").balance == 15
        # Of p3 one waits that was not meant; the answer to the other is told all the same.
        assert [len(told(lines, club, name)) for name in people] == [1] * 10


def test_who_gave_much_hears_of_it_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bulk_answers, "AT_ONCE", 2)
    with life(HEAD + STORIES) as club:
        opened(club)
        for word in ("春天", "夏天", "秋天", "冬天", "雨天"):
            give(club, f"投稿 {word * 4}", "li")
        give(club, "投稿", "chen")
        answer(club, "拒绝 全部")
        answer(club, "确认")
        lines = club.wait(club.now + MINUTE)
        assert len(club.read(Item, status="rejected")) == 6
        assert [len(told(lines, club, name)) for name in ("li", "chen")] == [1, 1]


def test_nothing_is_answered_or_told_at_night():
    with life(HEAD + STORIES + "quiet: '22:00-07:00'\n") as club:
        opened(club)
        give(club, "投稿", "li", "chen")
        club.now = EVENING + 3 * HOUR
        answer(club, "同意 全部")
        answer(club, "确认")
        assert club.wait(club.now + HOUR) == []
        assert club.read(Item, status="open") == []
        lines = club.wait(EVENING + 12 * HOUR)
        assert len(club.read(Item, status="open")) == 2
        assert len(told(lines, club, "li")) == 1


def test_one_collection_is_answered_by_its_name():
    with life(HEAD + STORIES + WISHES) as club:
        opened(club)
        give(club, "投稿", "li")
        give(club, "心愿", "chen", "li")
        assert "「别的」里没有" in answer(club, "同意 全部 别的")
        asked = answer(club, "拒绝 全部 心愿墙")
        assert "有 2 条" in asked
        assert "我和书" not in asked
        answer(club, "确认")
        lines = club.wait(club.now + MINUTE)
        assert sorted(each.status for each in club.read(Item)) == [
            "pending",
            "rejected",
            "rejected",
        ]
        assert [len(told(lines, club, name)) for name in ("li", "chen")] == [1, 1]


@pytest.mark.parametrize(("who", "later"), [("owner", 31 * MINUTE), ("li", 0)])
def test_only_who_was_asked_and_only_soon_can_confirm(who: str, later: int):
    with life(HEAD + STORIES) as club:
        opened(club)
        give(club, "投稿", "li")
        answer(club, "同意 全部")
        club.now += later
        assert "没有要确认的事" in answer(club, "确认", who)
        club.wait(club.now + MINUTE)
        assert club.read(Item, status="open") == []


def test_members_are_asked_nothing_and_confirming_twice_begins_nothing_else():
    with life(HEAD + STORIES) as club:
        opened(club)
        give(club, "投稿", "li")
        assert "没有等着看的投稿" in answer(club, "同意 全部", "li")
        answer(club, "清理")
        answer(club, "同意 全部")
        answer(club, "确认")
        assert "没有要确认的事" in answer(club, "确认")
        assert [each.status for each in club.read(BulkAnswer)] == ["confirmed"]


def test_who_is_staff_no_longer_answers_no_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bulk_answers, "AT_ONCE", 1)
    bound = builders.group(owner="owner", staff=("chen",))
    with life(HEAD + STORIES, groups=[bound]) as club:
        opened(club)
        club.enforce(bound)
        give(club, "投稿", "li", "zhao")
        answer(club, "同意 全部", "chen")
        answer(club, "确认", "chen")
        club.enforce(builders.group(owner="owner", staff=("zhao",)))
        club.wait(club.now + MINUTE)
        assert club.read(Item, status="open") == []
