"""Benefits of the core: what stays with who leaves it, what ends, and what comes back."""

from collections.abc import Iterator

import pytest

from handlers.benefits import claim_accounts
from sop.actions import Action
from sop.events import MemberJoined, MemberLeft
from sop.model import Claim, LedgerEntry, Task
from sop.told_events import MemberPaid
from tests import builders
from tests.builders import COMMUNITY, GROUP
from tests.lives import DAY, Life, life, of, texts

PACK = """
layers:
  core: {enter: {paid: true}, leave: {paid: false}}
  benefits: {core: [letter, seat, talk, call]}
benefits:
  - {id: letter, title: 内部信, kind: link, value: "https://example.com/a"}
  - {id: seat, title: 专属座位, kind: quota, per_member: 9/30d}
  - {id: talk, title: 一对一, kind: service, fulfil: task, price: 30, stock: 1}
  - {id: call, title: 连线, kind: service, approve: owner, price: 5}
  - {id: open, title: 海报, kind: code, price: 5}
steps: [{id: nightly, in: all, when: "21:00 daily", do: [{review: layers}]}]
"""


@pytest.fixture
def club() -> Iterator[Life]:
    core = builders.group(id="core", kind="core", title="核心群", channels={"sandbox": "core"})
    with life(PACK, groups=[]) as living:
        living.enforce(builders.group(), core)
        living.join("owner")
        living.join("owner", group="core")
        living.join("li")
        living.now += 1
        living.say("加分 @Li 100", "owner", mentions=("li",))
        promoted(living)
        yield living


def paid(club: Life, *, value: bool) -> Task:
    """Whether li pays: the proposal that the next review makes of it."""
    club.now += 1
    club.happen(MemberPaid, member="li", value=value)
    club.wait(club.now + 2 * DAY)
    task: Task = club.read(Task, kind="promote" if value else "demote", status="open")[0]
    return task


def moved(club: Life, into: str, out_of: str) -> None:
    """The move has been made, as WeCom's lists tell it."""
    club.now += 1
    where = {"community": COMMUNITY, "at": club.now, "member": "li", "moved": True}
    club.handle(
        MemberJoined(key=f"in:{club.now}", group=into, **where),
        MemberLeft(key=f"out:{club.now}", group=out_of, **where),
    )


def promoted(club: Life) -> list[Action]:
    lines = club.say(f"同意 {paid(club, value=True).id}", "owner", group="")
    moved(club, "core", GROUP)
    return lines


def demoted(club: Life) -> tuple[Task, list[Action]]:
    task = paid(club, value=False)
    club.now += 1
    return task, club.say(f"同意 {task.id}", "owner", group="")


def get(club: Life, title: str, where: str = "") -> Claim:
    club.now += 1
    club.say(f"{where}兑换 {title}", "li", group="")
    claim: Claim = club.read(Claim, order="-id", limit=1)[0]
    return claim


def claim(club: Life, number: int) -> Claim:
    found: Claim = club.read(Claim, id=number)[0]
    return found


def told(club: Life, lines: list[Action]) -> str:
    """What li alone is told; nothing of it is said to a group."""
    assert of(lines, "post") == []
    own = str(club.person("li").id)
    return "\n".join(each.text for each in of(lines, "dm") if each.to == own)


def sound(club: Life) -> None:
    with club.acting() as context:
        assert list(claim_accounts.differences(context.store, COMMUNITY)) == []


def test_what_is_in_hand_stays_and_what_is_for_everybody_is_not_touched(club: Life):
    kept = [get(club, "内部信"), get(club, "海报")]
    _, lines = demoted(club)

    assert [claim(club, each.id) for each in kept] == kept
    assert "权益" not in told(club, lines)


def test_a_place_can_be_used_for_a_week_and_who_honours_it_knows(club: Life):
    seat = get(club, "专属座位")
    _, lines = demoted(club)

    assert claim(club, seat.id).status == "given"
    assert claim(club, seat.id).expires_at == club.now + 7 * DAY
    assert "「专属座位」还可以用到" in told(club, lines)
    (task,) = club.read(Task, kind="benefit-ends")
    assert seat.tail in task.text
    sound(club)


@pytest.mark.parametrize(("title", "price"), [("一对一", 30), ("连线", 5)])
def test_what_was_still_waited_for_ends_and_every_point_comes_back(
    club: Life, title: str, price: int
):
    before = club.person("li").balance
    wanted = get(club, title)
    assert club.person("li").balance == before - price
    _, lines = demoted(club)

    assert club.person("li").balance == before
    assert claim(club, wanted.id).status == "refunded"
    assert f"{price} 分已经还给你了" in told(club, lines)
    assert club.read(Task, kind="claim", status="open") == []
    assert club.read(Task, kind="approve-claim", status="open") == []
    (paid_for,) = club.read(LedgerEntry, deed="redeem")
    assert [each.points for each in club.read(LedgerEntry, reversal_of=paid_for.id)] == [price]
    sound(club)


def test_what_somebody_is_already_seeing_to_is_still_given(club: Life):
    wanted = get(club, "一对一")
    club.now += 1
    club.say(f"接手 {club.read(Task, kind='claim')[0].id}", "owner", group="")
    demoted(club)

    assert claim(club, wanted.id).status == "given"
    assert [each.status for each in club.read(Task, kind="claim")] == ["open"]


def test_no_benefit_of_the_core_can_be_claimed_after_it(club: Life):
    demoted(club)
    club.now += 1
    answer = texts(club.say("领取 内部信", "li", group=""), "dm", "reply")

    assert "核心" in answer[0]
    assert club.read(Claim) == []


def test_a_demotion_that_is_taken_back_takes_nothing_from_anybody(club: Life):
    before = club.person("li").balance
    seat, talk, call = get(club, "专属座位"), get(club, "一对一"), get(club, "连线")
    task, _ = demoted(club)
    club.now += 1
    lines = club.say(f"核心群 撤销 {task.id}", "owner", group="")

    assert claim(club, seat.id).expires_at == 0
    assert club.read(Task, kind="benefit-ends", status="open") == []
    again = [(each.benefit, each.status) for each in club.read(Claim, order="id")[3:]]
    assert again == [("talk", "given"), ("call", "waiting")]
    assert club.person("li").balance == before - 35
    assert len(club.read(Task, kind="claim", status="open")) == 1
    assert "照原来的期限" in told(club, lines)
    assert (talk.cause, call.cause) != tuple(each.cause for each in club.read(Claim)[3:])
    sound(club)


def test_what_somebody_else_has_taken_meanwhile_is_said_plainly(club: Life):
    get(club, "一对一")
    task, _ = demoted(club)
    with club.acting() as context:
        context.store.put(
            Claim(community=COMMUNITY, id=99, benefit="talk", person=99, at=club.now)
        )
    club.now += 1
    lines = club.say(f"核心群 撤销 {task.id}", "owner", group="")

    assert "一对一" in told(club, lines)
    assert club.person("li").balance == 100


def test_who_comes_back_after_weeks_has_the_place_again(club: Life):
    seat = get(club, "专属座位")
    demoted(club)
    moved(club, GROUP, "core")
    (task,) = club.read(Task, kind="benefit-ends")
    club.now += 1
    club.say(f"完成 {task.id}", "owner", group="")
    club.wait(club.now + 30 * DAY)
    lines = promoted(club)

    assert claim(club, seat.id).expires_at == 0
    assert "又可以照原来的期限用" in told(club, lines)
    assert "照常有效" in club.read(Task, kind="benefit-ends", status="open")[0].text


def test_leaving_the_core_twice_shortens_nothing_twice(club: Life):
    seat = get(club, "专属座位")
    demoted(club)
    moved(club, GROUP, "core")
    promoted(club)
    _, _ = demoted(club)

    assert claim(club, seat.id).expires_at == club.now + 7 * DAY
    assert len(club.read(Task, kind="benefit-ends", status="open")) == 1


def test_who_turns_back_on_the_way_into_the_core_gets_what_they_paid_back(club: Life):
    demoted(club)
    moved(club, GROUP, "core")
    club.wait(club.now + 4 * DAY)
    club.say(f"同意 {paid(club, value=True).id}", "owner", group="")
    club.now += 1
    where = {"community": COMMUNITY, "group": "core", "member": "li"}
    club.handle(MemberJoined(key="in", at=club.now, moved=True, **where))
    wanted = get(club, "一对一", "核心群 ")
    club.now += 1
    lines = club.handle(MemberLeft(key="out", at=club.now, **where))

    assert club.person("li").layer == "regular"
    assert claim(club, wanted.id).status == "refunded"
    assert "30 分已经还给你了" in told(club, lines)
    sound(club)
