"""Two who are one: nothing is lost or scored anew, and a split undoes it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intake.writer import Writer
from handlers.accounts.verification import differences
from handlers.identity import identities
from handlers.identity.identity_keys import KEYED
from handlers.identity.identity_rows import PLAIN
from handlers.ledger import ledger
from handlers.people import people
from handlers.tasks import tasks
from sop.events import RosterFetched
from sop.model import (
    BadgeHeld,
    Ballot,
    Claim,
    Comment,
    Identity,
    IdentityMerge,
    Item,
    LedgerEntry,
    Like,
    Member,
    Occurrence,
    Person,
    Record,
    SegmentSpell,
    StepRun,
    Strike,
    Task,
    Thread,
    ThreadReply,
    Voice,
)
from sop.told_events import IdentitiesMerged, IdentitiesSplit, MemberPaid
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.lives import DAY, Life, life, texts

PACK = """
score:
  window: 30d
  half_life: 10d
  earn:
    message: {points: 1, cap: 3/day}
    introduce: {points: 5, once: true}
    checkin: {points: 2, cap: 1/day}
    share: {points: 7, distinct: 3}
  lose: {strike: {points: 5}}
levels: [{id: seed, title: 新芽, at: 0}, {id: tree, title: 大树, at: 12}]
rules: {checks: [{id: links, detect: links}], ladder: [remind, mute-points]}
benefits: [{id: card, title: 书卡, kind: code}]
first_benefit: card
steps:
  - {id: hello, when: member.joined + 2d, do: [{dm: "你好 {{ member.name }}"}]}
"""

GROUPS = (builders.group(), builders.group(id="g2", channels={"sandbox": "g2"}))
COMPARED = (
    Person, Member, LedgerEntry, Strike, Task, Claim, Item, Identity, ThreadReply, BadgeHeld,
    SegmentSpell, StepRun, Like, Voice, Comment,
)  # fmt: skip

SAID = ("早上好", "打卡 读了三页", "大家好，我是小李，爱读书", "看 http://spam.example/x", "领取")
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["li", "wang"]), st.sampled_from(SAID), st.sampled_from([GROUP, "g2"]),
        st.integers(0, DAY),
    ),
    max_size=8,
)  # fmt: skip


def state(club: Life) -> dict[str, Any]:
    found = {kind.__name__: {each.key: each for each in club.read(kind)} for kind in COMPARED}
    pending = club.read(Occurrence, status="pending")
    return {**found, "Occurrence": {each.key: each for each in pending}}


def lived(club: Life, acts: Sequence[tuple[str, str, str, int]]) -> None:
    for userid, said, group, later in acts:
        club.now += later
        club.say(said, userid, group=group, key=f"{club.now}:{userid}:{len(club.handled)}")


def join(club: Life, into: str = "li", gone: str = "wang") -> list[Any]:
    return club.happen(IdentitiesMerged, into=into, gone=gone)


def part(club: Life, member: str = "wang") -> list[Any]:
    return club.happen(IdentitiesSplit, member=member)


def verified(club: Life) -> list[str]:
    batch = club.database.batch()
    with batch.event() as store:
        found = list(differences(store, club.book, COMMUNITY))
    batch.rollback()
    return found


@given(ACTS)
@settings(max_examples=15, deadline=None)
def test_a_merge_adds_up_and_a_split_undoes_it(acts: list[tuple[str, str, str, int]]):
    with life(PACK, groups=GROUPS) as club:
        club.join("li")
        club.join("wang", group="g2")
        lived(club, acts)
        before = state(club)
        balances = [club.person(each).balance for each in ("li", "wang")]

        join(club)

        one = club.person("wang")
        assert one.id == club.person("li").id
        assert one.balance == sum(balances)
        assert sum(each.balance for each in club.read(Person)) == sum(balances)
        assert {each.person for each in club.read(LedgerEntry)} <= {one.id}
        assert len(club.read(LedgerEntry)) == len(before["LedgerEntry"])
        assert len(club.read(Member)) == len({key[1] for key in before["Member"]})
        assert verified(club) == []

        part(club)

        after = state(club)
        for kind, records in before.items():
            assert after[kind] == records, kind
        assert verified(club) == []


@given(ACTS, ACTS, ACTS)
@settings(max_examples=8, deadline=None)
def test_whatever_is_said_before_within_and_after_the_books_balance(
    before: list[Any], within: list[Any], after: list[Any]
):
    with life(PACK, groups=GROUPS) as club:
        club.join("li", "wang")
        lived(club, before)
        join(club)
        lived(club, within)
        assert verified(club) == []
        assert len({each.id for each in club.read(Person) if not each.merged_into}) == 1
        part(club)
        lived(club, after)

        assert verified(club) == []
        assert club.person("li").id != club.person("wang").id
        booked = sum(each.points for each in club.read(LedgerEntry))
        assert sum(each.balance for each in club.read(Person)) == booked


UNMOVED = {
    "Contact": "by platform id",
    "Message": "who said it is looked up when it is asked for",
    "Preparation": "thanked at once",
    "SeasonStanding": "what a season ended with stays as it was told",
    "IdentityMerge": "is the record of it",
    "Outgoing": "goes to the id it was decided for",
    "Trace": "tells of the past",
    "AdviceGiven": "tells who decided then",
    "Spending": "a day's budget",
    "Version": "written by operators",
}
MOVED = {Ballot, Identity, LedgerEntry, Member, Task, Occurrence, ThreadReply, *PLAIN, *KEYED}
NAMING = {
    "person", "by", "to", "into", "gone", "invited_by", "closed_by", "giver", "author", "subject",
    "member", "owner", "receiver", "guest", "host",
}  # fmt: skip


def test_no_record_that_names_a_person_is_forgotten():
    moved = {kind.__name__ for kind in MOVED}
    naming = {
        kind.__name__
        for kind in Record.__subclasses__()
        if NAMING & set(getattr(kind, "__slots__", ()))
    }

    assert naming - moved - UNMOVED.keys() - {"Group"} == set()


def test_merging_again_or_in_a_circle_changes_nothing():
    with life(PACK) as club:
        club.join("li", "wang", "zhao")
        join(club)
        before = state(club)
        join(club)
        join(club, "wang", "li")

        assert state(club) == before
        assert len(club.read(IdentityMerge)) == 1

        join(club, "zhao", "wang")
        assert {club.person(each).id for each in ("li", "wang", "zhao")} == {
            club.person("zhao").id
        }
        join(club, "li", "zhao")
        assert len(club.read(IdentityMerge)) == 2
        assert verified(club) == []


def test_of_several_merges_the_newest_is_undone_first():
    with life(PACK) as club:
        club.join("li", "wang", "zhao")
        first = state(club)
        join(club)
        second = state(club)
        join(club, "zhao", "li")

        part(club, "wang")
        assert state(club) == second
        part(club, "wang")
        assert state(club) == first
        assert [line.reason for line in part(club, "wang")] == ["unknown-merge"]
        assert [line.reason for line in join(club, "nobody")] == ["unknown-member"]


def test_both_heard_in_one_batch_with_their_merge_and_split_count_once_each():
    with life(PACK) as club:
        club.join("li", "wang")
        merge = IdentitiesMerged(key="m", community=COMMUNITY, at=EVENING, into="li", gone="wang")
        split = IdentitiesSplit(key="s", community=COMMUNITY, at=EVENING, member="li")

        def said(text: str, sender: str) -> Any:
            return builders.message(text, sender=sender, key=f"{text}{sender}")

        club.handle(
            said("一", "li"), said("一", "wang"), merge, said("二", "wang"), said("二", "li"),
            said("三", "li"), split, said("四", "wang"), said("五", "li"),
        )  # fmt: skip

        # Together they had three, which is the day's cap; the fourth came after the split.
        assert [club.person(each).balance for each in ("li", "wang")] == [3, 2]
        assert verified(club) == []


def test_what_holds_for_one_holds_for_both():
    with life(PACK) as club:
        club.join("li", "wang")
        club.handle(
            MemberPaid(key="p", community=COMMUNITY, at=EVENING, member="wang", value=True)
        )
        for name in ("li", "wang"):
            club.say("领取", name, key=f"c{name}")
        with club.acting("wang") as context:
            muted = context.store.get(Person, COMMUNITY, context.person_id)
            context.store.put(replace(muted, muted_until=EVENING + DAY, nudges_off=True))
        join(club)

        one = club.person("wang")
        assert (one.paid, one.nudges_off, one.muted_until) == (True, True, EVENING + DAY)
        # Both had the card: both keep it, and a third is refused.
        assert [each.person for each in club.read(Claim)] == [one.id, one.id]
        club.say("领取", "li", key="again")
        assert len(club.read(Claim)) == 2


def test_rights_follow_any_of_their_ids_and_they_are_reached_by_the_one_that_has_them():
    group = builders.group(owner="boss")
    with life(PACK, groups=(group,)) as club:
        club.join("boss", "wmEXTERNAL000000000000000000")
        join(club, "wmEXTERNAL000000000000000000", "boss")

        one = club.person("boss")
        assert one.userid == "boss"
        assert people.role_of(one, group) == "owner"
        assert one.also == ("wmexternal000000000000000000",)
        other_group = builders.group(owner="wmEXTERNAL000000000000000000")
        assert people.role_of(one, other_group) == "owner"


def test_a_roster_with_either_id_keeps_the_membership():
    with life(PACK) as club:
        first = RosterFetched(
            key="r1", community=COMMUNITY, group=GROUP, at=EVENING, owner="boss",
            members=("li", "wang"),
        )  # fmt: skip
        club.handle(first)
        join(club)
        for number, members in enumerate((("li",), ("wang",), ("li", "wang"))):
            club.handle(
                RosterFetched(
                    key=f"r{number + 2}", community=COMMUNITY, group=GROUP, at=EVENING,
                    owner="boss", members=members,
                )
            )  # fmt: skip
            (member,) = club.read(Member)
            assert (member.left_at, member.stint) == (0, 1)


def test_a_source_that_paid_both_stays_paid_to_both():
    with life(PACK) as club:
        club.join("li", "wang")
        with club.acting("li") as context:
            for name in ("li", "wang"):
                number = people.person_of(context.store, COMMUNITY, name).id
                ledger.book_entry(context, number, "award", 5, score=5, source="step:1")
        before = state(club)
        join(club)

        assert [each.generation for each in club.read(LedgerEntry, order="id")] == [0, 1]
        assert club.person().balance == 10
        assert verified(club) == []
        part(club)
        assert state(club) == before


@pytest.mark.parametrize("undo", [False, True])
def test_an_open_task_about_one_is_about_the_other(undo: bool):  # noqa: FBT001 - a parameter
    with life(PACK) as club:
        club.join("li", "wang")
        with club.acting("li") as context:
            for name, to in (("li", "owner"), ("wang", "owner"), ("wang", "2")):
                number = people.person_of(context.store, COMMUNITY, name).id
                tasks.open_task(
                    context, kind="remind", to=to, person=number,
                    about=f"{'x' if to == '2' else 'remind'}:{number}",
                    words=lambda number: f"{number}. 看看",
                )  # fmt: skip
        before = state(club)["Task"]
        join(club)

        now = club.read(Task, order="id")
        assert [(each.person, each.to, each.status) for each in now] == [
            (1, "owner", "open"), (2, "owner", "void"), (1, "1", "open"),
        ]  # fmt: skip
        if undo:
            part(club)
            assert state(club)["Task"] == before


def test_a_preview_tells_and_changes_nothing():
    with life(PACK, groups=GROUPS) as club:
        club.join("li")
        club.join("wang", group="g2")
        club.say("打卡", "wang", group="g2")
        before = state(club)
        with club.acting() as context:
            li, wang = (
                people.find_person(context.store, COMMUNITY, each) for each in ("li", "wang")
            )
            found = identities.preview(context, li, wang)

        assert (found.entries, found.balance, found.groups) == ((0, 1), 2, (GROUP, "g2"))
        assert not found.runs_groups
        assert state(club) == before


def test_of_two_with_the_same_key_one_is_kept_and_both_come_back():
    def of(person: int, at: int) -> list[Any]:
        here = {"community": COMMUNITY}
        return [
            BadgeHeld(**here, person=person, badge="star", at=at),
            BadgeHeld(**here, person=person, badge=f"own{person}", at=at),
            SegmentSpell(**here, person=person, segment="regular", since=5, until=at % 2),
            Comment(
                **here, group=GROUP, number=1, person=person, text="好", at=at, message_id="m"
            ),
            Like(
                **here, target="item:g1:1", giver=person, author=9, group=GROUP, at=at,
                day="2026-12-02",
            ),
            Like(
                **here, target=f"message:{person}", giver=9, author=person, group=GROUP, at=at,
                day="2026-12-02",
            ),
            Voice(
                **here, person=person, given=1500, given_paid=1, vouchers=(1, 2, 9),
                recent=(("2026-12-01", person),),
            ),
            ThreadReply(**here, thread=1, person=person, at=at, message_id=f"r{person}"),
        ]  # fmt: skip

    with life(PACK) as club:
        club.join("li", "wang")
        with club.acting() as context:
            context.store.put(
                Thread(
                    community=COMMUNITY, id=1, group=GROUP, step="s", kind="ask", title="",
                    text="", opened_at=1, closes_at=EVENING + DAY,
                )
            )  # fmt: skip
            for record in (*of(1, 7), *of(2, 6)):
                context.store.put(record)
        before = state(club)
        join(club)

        assert {(each.badge, each.at) for each in club.read(BadgeHeld, person=1)} == {
            ("star", 6), ("own1", 7), ("own2", 6),
        }  # fmt: skip
        (voice,) = club.read(Voice)
        assert (voice.given, voice.given_paid, voice.vouchers) == (3000, 2, (9,))
        assert voice.recent == (("2026-12-01", 3),)
        assert [each.at for each in club.read(ThreadReply)] == [6]
        assert len(club.read(Like)) == 3
        assert [each.until for each in club.read(SegmentSpell)] == [0]
        assert not any(each.person == 2 for each in club.read(Comment))

        part(club)
        assert state(club) == before


def test_what_corrects_an_entry_goes_back_with_it():
    with life(PACK) as club:
        club.join("li", "wang")
        club.say("打卡 读了三页", "wang", key="in")
        join(club)
        (entry,) = club.read(LedgerEntry, deed="checkin")
        with club.acting() as context:
            ledger.reverse(context, entry, "undo")
        club.now += DAY
        club.say("打卡 又读三页", "wang", key="later")
        assert club.person("li").balance == 2
        part(club)

        # What wang said before and its correction are wang's; what came after stays with li.
        booked = {each.deed: each.person for each in club.read(LedgerEntry, person=2)}
        assert booked == {"checkin": 2, "reversal": 2}
        assert [club.person(each).balance for each in ("li", "wang")] == [2, 0]
        assert verified(club) == []


def test_somebody_with_several_ids_is_called_as_the_one_they_are_reached_by():
    with life(PACK) as club:
        club.join("li", "wang")
        join(club)
        club.say("早", "wang", name="别的名字", key="a")
        assert club.person("li").name == "Li"
        club.say("早", "li", name="李四", key="b")
        assert club.person("wang").name == "李四"


def test_messages_of_one_batch_find_who_somebody_has_become():
    with life(PACK) as club:
        club.join("li", "wang")
        events = [
            builders.message("早", sender="wang", key="1"),
            IdentitiesMerged(key="m", community=COMMUNITY, at=EVENING, into="li", gone="wang"),
            builders.message("早啊", sender="wang", key="2"),
            builders.message("大家早", sender="li", key="3"),
        ]
        done = Writer(club.database).run([club.dispatcher.job(event) for event in events])

        assert [(each.error, each.result.error) for each in done] == [(None, "")] * 4
        assert club.person("wang").balance == 3
        assert club.person("wang").id == 1
        assert verified(club) == []


def test_what_a_strike_was_for_is_still_told():
    with life(PACK) as club:
        club.join("li", "wang")
        club.say("看 http://spam.example/x", "wang", key="bad")
        join(club)
        assert "http" in "".join(texts(club.say("为什么警告我", "wang", key="why")))
        with club.acting() as context:
            assert people.numbers_of(context.store, COMMUNITY, 1) == (1, 2)
            assert people.aliases(context.store, COMMUNITY) == {2: 1}
        part(club)
        with club.acting() as context:
            assert people.numbers_of(context.store, COMMUNITY, 1) == (1,)
