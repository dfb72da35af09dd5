"""What holds for a challenge and for invitations whatever is said, twice, or lost with a crash."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sop.events import MemberLeft
from sop.model import Enrolment, Invitation, Item, LedgerEntry, Person
from tests import builders
from tests.builders import EVENING
from tests.lives import DAY, HOUR, MINUTE, Life, life

PACK = """
score: {earn: {checkin: {points: 2, cap: 1/day}, invite: {points: 8}}}
steps:
  - id: read
    when: "2026-12-02 20:30"
    do: [{challenge: {id: read, days: 3, daily: 读书, min_chars: 2, grace: 1, team: 2}}]
"""
DAYS, GRACE = 3, 1
MEMBERS = ("amy", "bob")
WORDS = ("参加挑战", "读书 第一章", "打卡 第二章", "补卡 昨天的", "退出挑战", "读书", "我的挑战")

Said = list[tuple[str, str, int, bool]]
SAID = st.lists(
    st.tuples(st.sampled_from(MEMBERS), st.sampled_from(WORDS), st.integers(0, 9), st.booleans()),
    max_size=10,
)
"""Who says what, after how many hours (or at once), and whether it is lost first."""


def _lived(said: Said, *, crashes: bool) -> tuple[list[Enrolment], list[Item], list[LedgerEntry]]:
    with life(PACK) as club:
        club.enforce()
        club.wait(EVENING + 30 * MINUTE)
        club.join(*MEMBERS)
        for place, (member, words, hours, lost) in enumerate(said):
            club.wait(club.now + 1_000 + hours * HOUR)
            event = builders.message(
                words, sender=member, at=club.now, message_id=f"m{place}", key=f"m{place}"
            )
            if lost and crashes:
                club.handle(event, crash=True)
            club.handle(event)
            if crashes:
                club.handle(event)
        club.wait(EVENING + 6 * DAY)
        found = club.read(Enrolment, order="person")
        return found, club.read(Item, order="number"), club.read(LedgerEntry, order="id")


@given(said=SAID)
@settings(max_examples=6, deadline=None)
def test_days_count_once_and_a_crash_or_a_repeat_changes_nothing(said: Said):
    enrolments, items, entries = _lived(said, crashes=False)

    for each in enrolments:
        assert len(set(each.days)) == len(each.days) <= DAYS
        assert all("2026-12-02" <= day <= "2026-12-04" for day in each.days)
        assert 0 <= each.made_up <= GRACE
        through = len(each.days) + each.made_up >= DAYS
        assert (each.status == "completed") == (through and each.status != "left")
    assert len(items) == sum(len(each.days) + each.made_up for each in enrolments)
    assert _lived(said, crashes=True) == (enrolments, items, entries)


@given(
    moves=st.lists(
        st.tuples(st.sampled_from(("join", "leave", "code", "speak")), st.integers(0, 2),
                  st.integers(0, 2), st.booleans()),
        max_size=10,
    )
)  # fmt: skip
@settings(max_examples=6, deadline=None)
def test_a_guest_brings_points_once_to_one_other_and_none_when_gone_at_once(
    moves: list[tuple[str, int, int, bool]],
):
    with life(PACK) as club:
        names = ("li", "guest1", "guest2")
        club.join("li")
        codes = {}
        for place, (what, one, other, lost) in enumerate(moves):
            club.now += HOUR
            if what == "join":
                club.join(names[one])
            elif what == "leave":
                _leave(club, names[one])
            else:
                if names[other] not in codes:
                    codes[names[other]] = _code(club, names[other])
                said = "签到 来了" if what == "speak" else f"邀请码 {codes[names[other]]}"
                event = builders.message(said, sender=names[one], at=club.now, key=f"k{place}")
                if lost:
                    club.handle(event, crash=True)
                club.handle(event)
                club.handle(event)

        entries = club.read(LedgerEntry, order="id")
        paid = [each for each in entries if each.deed == "invite"]
        assert len({each.source for each in paid}) == len(paid)
        assert all(each.source != f"invite:{each.person}" for each in paid)
        for person in club.read(Person):
            own = [each.points for each in entries if each.person == person.id]
            assert person.balance == sum(own) >= 0
        undone = {each.reversal_of for each in entries}
        gone = {each.guest for each in club.read(Invitation) if each.status == "gone"}
        for each in paid:
            assert (int(each.source.split(":")[1]) in gone) <= (each.id in undone)


def _code(club: Life, member: str) -> str:
    club.now += 1_000
    lines = club.say("邀请", member, group="")
    return next(line.text for line in lines if "邀请码是" in line.text).partition("是 ")[2][:5]


def _leave(club: Life, member: str) -> None:
    club.happen(MemberLeft, group=builders.GROUP, member=member)
