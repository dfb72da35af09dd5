"""Who came, who stayed, and how far they come by way of a leader: each by hand."""

from dataclasses import replace

import pytest

from handlers.figures import making, telling
from sop.model import (
    CircleMember,
    Invitation,
    LayerMove,
    LeaderChange,
    Record,
    SegmentDay,
    SegmentSpell,
    Thread,
    ThreadReply,
)
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.lives import DAY, HOUR, Life, life
from tests.unit.handlers.figures.weeks import (
    ADDRESSED,
    PACK,
    came,
    comment,
    entry,
    fill,
    item,
    like,
    report,
    run,
    said,
)

FRESH = EVENING - 10 * DAY
LEADER = 6


def invitation(guest: int, inviter: int) -> Invitation:
    return Invitation(
        community=COMMUNITY, guest=guest, inviter=inviter, group=GROUP, at=FRESH, joined_at=FRESH
    )


def stages(club: Life, newcomers: int, *records: Record) -> list[tuple[int | None, int | None]]:
    """Let so many come beside a leader who has given two things, and return the second path."""
    fill(
        club, *(builders.person(each) for each in range(1, newcomers + 1) if each != LEADER),
        builders.person(LEADER, role="leader", name="阿秋"), builders.member(LEADER),
        *(came(each, FRESH) for each in range(1, newcomers + 1) if each != LEADER),
        item(1, LEADER), item(2, LEADER), *records,
    )  # fmt: skip
    return [(each.members, each.otherwise) for each in report(club).spreading]


@pytest.mark.parametrize(
    "records",
    [
        pytest.param(
            [CircleMember(community=COMMUNITY, tag="摄影", person=1, group=GROUP, at=FRESH)],
            id="in a circle",
        ),
        pytest.param([invitation(1, LEADER)], id="brought by a leader"),
        pytest.param([like(1, 1, LEADER), like(2, 1, LEADER)], id="liked two things"),
        pytest.param([like(1, 1, LEADER), comment(2, 1)], id="liked one, commented another"),
        pytest.param(
            [
                LeaderChange(
                    community=COMMUNITY, id=1, person=LEADER, group=GROUP, at=FRESH, what="led",
                    reason="ask", body={"thread": 1},
                ),
                Thread(
                    community=COMMUNITY, id=1, group=GROUP, step="", kind="ask", title="",
                    text="", opened_at=FRESH, closes_at=EVENING,
                ),
                ThreadReply(community=COMMUNITY, thread=1, person=1, at=FRESH, message_id="m"),
            ],
            id="took part in what a leader opened",
        ),
    ],
)  # fmt: skip
def test_a_step_of_their_own_towards_a_leader_is_following(records: list[Record]):
    with life(PACK) as club:
        assert stages(club, 2, *records)[1] == (1, 0)


@pytest.mark.parametrize(
    "records",
    [
        pytest.param([like(1, 1, LEADER)], id="one like"),
        pytest.param([like(1, 1, LEADER), comment(1, 1)], id="a like and a comment of one thing"),
        pytest.param([like(1, 1, 2), like(2, 1, 2)], id="two things of somebody else"),
        pytest.param([invitation(1, 2)], id="brought by somebody else"),
        pytest.param(
            [
                CircleMember(
                    community=COMMUNITY, tag="摄影", person=1, group=GROUP, at=FRESH,
                    left_at=EVENING,
                )
            ],
            id="a circle they have left",
        ),
    ],
)  # fmt: skip
def test_what_may_be_in_passing_is_not_following(records: list[Record]):
    with life(PACK) as club:
        assert stages(club, 2, *records)[1] == (0, 0)


def test_the_path_is_of_those_who_went_all_of_it_beside_those_who_came_there_otherwise():
    with life(PACK) as club:
        found = stages(
            club, 5,
            *(invitation(each, LEADER) for each in (1, 2, 3)),
            entry(1, "checkin", FRESH), entry(2, "share", FRESH), entry(4, "share", FRESH),
            invitation(9, 2), invitation(8, 5),
        )  # fmt: skip
        told = telling.full(report(club), club.book.zone)

    assert found == [(5, None), (3, 0), (2, 1), (1, 1), (1, 1)]
    assert "关注领头人 3（60%，" in told
    assert "参与 2（67%，21–94%）（样本少）（另有 1 人没经过前面）" in told


def test_what_a_community_does_not_have_is_no_stage_of_its_own():
    with life("steps: []\n") as club:
        fill(club, builders.person(1), came(1, FRESH))
        found = report(club)
        told = telling.full(found, club.book.zone)

    assert [each.name for each in (*found.coming, *found.spreading) if each.absent] == [
        "core", "follows",
    ]  # fmt: skip
    assert "核心" not in told
    assert "领头人" not in told.split("接下来")[0]


def test_who_was_there_before_anybody_looked_has_not_come():
    with life(PACK) as club:
        fill(
            club, *(builders.person(each) for each in range(1, 6)),
            *(builders.member(each, joined_at=FRESH) for each in range(1, 5)), came(5, FRESH),
        )  # fmt: skip
        found = report(club)

    assert [each.members for each in (found.coming[0], found.spreading[0])] == [1, 1]
    assert sum(each.size for each in found.cohorts) == 1
    assert found.activity.members.value == 5
    assert found.activity.joined.value == 0


def test_where_no_channel_tells_of_joins_those_who_were_heard_are_followed():
    with life(PACK, groups=[ADDRESSED]) as club:
        fill(
            club, builders.person(1), builders.member(1, joined_at=FRESH, introduced_at=FRESH),
            said(1, 1, FRESH),
        )  # fmt: skip
        found = report(club)

    assert [each.members for each in found.coming[:2]] == [None, 1]


def test_who_moves_between_the_groups_of_a_community_neither_comes_nor_leaves():
    yesterday = EVENING - DAY
    groups = [builders.group(), builders.group(id="core", title="核心群")]
    with life(PACK, groups=groups) as club:
        fill(
            club, *(builders.person(each) for each in (1, 2, 3)),
            builders.member(1, left_at=yesterday), came(1, yesterday, group="core"),
            builders.member(2, left_at=yesterday), builders.member(2, group="core",
                                                                   left_at=yesterday),
            came(3, yesterday),
        )  # fmt: skip
        with club.acting() as context:
            whole, *_ = making.reports(context, "weekly")

    assert (whole.activity.joined.value, whole.activity.left.value) == (1, 1)
    assert whole.activity.members.value == 2


def test_a_move_between_the_layers_is_no_leave_and_no_join_of_one_group_either():
    promoted = LayerMove(
        community=COMMUNITY, id=1, person=1, layer="core", into=("core",), out_of=(GROUP,),
        at=EVENING - DAY,
    )  # fmt: skip
    groups = [builders.group(), builders.group(id="core", title="核心群")]
    moved = EVENING - DAY + HOUR
    with life(PACK, groups=groups) as club:
        fill(
            club, builders.person(1), builders.person(2), promoted, run(1, EVENING - DAY),
            builders.member(1, left_at=moved), came(1, moved, group="core"),
            builders.member(2, left_at=moved),
        )  # fmt: skip
        with club.acting() as context:
            _, core, regular = making.reports(context, "weekly")

    assert (regular.activity.left.value, core.activity.joined.value) == (1, 0)
    assert regular.steps[0].effects["leaves"].after == 1.0


def test_who_left_again_after_a_move_has_left():
    moved = LayerMove(
        community=COMMUNITY, id=1, person=1, layer="core", into=("core",), out_of=(GROUP,),
        at=EVENING - 3 * DAY,
    )  # fmt: skip
    with life(PACK) as club:
        fill(
            club, builders.person(1), moved,
            came(1, EVENING - 2 * DAY, left_at=EVENING - HOUR),
        )  # fmt: skip
        assert report(club).activity.left.value == 1


def test_who_comes_again_comes_anew_and_has_not_left():
    with life(PACK) as club:
        fill(club, builders.person(1), replace(came(1, EVENING - HOUR), stint=2))
        activity = report(club).activity

    assert (activity.joined.value, activity.left.value) == (1, 0)


def test_segments_are_those_of_the_last_night_with_who_came_and_went_in_the_span():
    night = EVENING - 12 * HOUR

    def spell(person: int, since: int, until: int = 0) -> SegmentSpell:
        return SegmentSpell(
            community=COMMUNITY, segment="lurker", person=person, since=since, until=until
        )

    with life(PACK) as club:
        fill(
            club, SegmentDay(
                community=COMMUNITY, day="2026-12-02", at=night, members=9,
                found={"lurker": (3, 4, 2)},
            ),
            spell(1, night - 6 * DAY), spell(2, night - 7 * DAY), spell(3, night - 9 * DAY, night),
        )  # fmt: skip
        found = report(club)
        told = telling.full(found, club.book.zone)

    (lurker,) = [each for each in found.segments if each.name == "lurker"]
    assert (lurker.members, lurker.known, lurker.unknown) == (3, 7, 2)
    assert (lurker.entered, lurker.left) == (1, 1)
    assert "人群（2026-12-02）：潜水 3 人（进 1 出 1，2 人不清楚）" in told
