"""What a like is worth: laws that hold for every history."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.model import Like
from sop.pack.pack_score import Likes
from sop.standing import fair_play
from sop.standing.fair_play import Case, judge

TODAY = "2026-12-02"
FREE = Likes()


def like(giver: int, author: int, *, ago: int = 0, bears: bool = True) -> Like:
    day = (date.fromisoformat(TODAY) - timedelta(days=ago)).isoformat()
    return Like(
        community="c", target=f"{giver}>{author}:{ago}", giver=giver, author=author, group="g",
        at=0, day=day, bears=bears,
    )  # fmt: skip


def case(*given: Like, got: tuple[Like, ...] = (), **fields: object) -> Case:
    values = {"giver": 1, "author": 2, "day": TODAY, "allowance": fair_play.LEAST, **fields}
    return Case(given=given, got=got, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "weight", "because"),
    [
        (case(), 1_000, ()),
        (case(like(1, 3, ago=1)), 1_000, ()),
        (case(like(1, 2, ago=1)), 500, ("again",)),
        (case(like(1, 2, ago=1), like(1, 2, ago=2)), 333, ("again",)),
        (case(mates=2), 333, ("clique",)),
        (case(like(1, 2, ago=1), mates=2), 250, ("again", "clique")),
        (case(like(1, 2, ago=1), mates=2, allowance=18), 500, ("again", "clique")),
        (case(got=(like(2, 1, ago=3),)), 500, ("returned",)),
        (case(got=(like(2, 1, ago=3),), mates=2), 333, ("clique", "returned")),
        (case(got=(like(2, 1, ago=3),), mates=2, allowance=18), 500, ("clique", "returned")),
        (case(got=(like(3, 1, ago=3),)), 1_000, ()),
        (case(vouched=False), 166, ("unvouched",)),
        (case(like(1, 2, ago=1), got=(like(2, 1),), vouched=False), 41,
         ("again", "returned", "unvouched")),
        (case(like(1, 3, ago=9), allowance=1), 0, ("share",)),
        (case(like(1, 3, ago=9, bears=False), allowance=1), 1_000, ()),
        (case(like(1, 3), like(1, 4), allowance=14), 0, ("share",)),
        (case(like(1, 3), like(1, 4), allowance=15), 1_000, ()),
    ],
)  # fmt: skip
def test_a_like_weighs_less_for_reasons_that_are_told(found: Case, weight: int, because: object):
    verdict = judge(found, FREE)

    assert (verdict.weight, verdict.because, verdict.refused) == (weight, because, "")
    assert verdict.bears == ("share" not in verdict.because)


@pytest.mark.parametrize(
    ("found", "limits", "refused"),
    [
        (case(author=1), FREE, "self"),
        (case(like(1, 3), like(1, 4)), Likes(per_day=2), "per-day"),
        (case(like(1, 3, ago=1), like(1, 4)), Likes(per_day=2), ""),
        (case(like(1, 2)), Likes(pair_per_day=1), "pair"),
        (case(like(1, 2, ago=1)), Likes(pair_per_day=1), ""),
        (case(like(1, 3)), Likes(pair_per_day=1), ""),
    ],
)
def test_the_limits_of_a_pack_refuse_a_like(found: Case, limits: Likes, refused: str):
    assert judge(found, limits).refused == refused


def test_on_distinct_days_only_the_first_like_of_a_day_between_two_counts():
    distinct = Likes(distinct_days=True)

    assert not judge(case(like(1, 2)), distinct).counts
    assert judge(case(like(1, 2, ago=1)), distinct).counts
    assert judge(case(like(1, 2)), FREE).counts


def circle(likes: int, *, persons: int = 2, back: bool = True) -> Case:
    given_ = [like(1, 2 + each % persons, ago=each) for each in range(likes)]
    got = tuple(like(2 + each, 1, ago=1) for each in range(persons)) if back else ()
    return case(*given_, got=got)


def test_likes_that_only_go_to_and_fro_are_held_until_somebody_looked():
    run = circle(fair_play.RUN - 1)

    assert judge(run, FREE).held
    assert not judge(circle(fair_play.RUN - 2), FREE).held
    assert not judge(circle(fair_play.RUN, back=False), FREE).held
    assert not judge(circle(fair_play.RUN, persons=fair_play.RUN), FREE).held
    cleared = Case(giver=1, author=2, day=TODAY, given=run.given, got=run.got, cleared=True)
    assert not judge(cleared, FREE).held


histories = st.lists(
    st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(0, 27), st.booleans()), max_size=40
)


@given(histories, st.booleans(), st.integers(1, 40))
def test_a_weight_is_within_bounds_and_always_the_same(
    history: list[tuple[int, int, int, bool]],
    vouched: bool,  # noqa: FBT001 - hypothesis passes by place
    allowance: int,
):
    likes = [like(giver, author, ago=ago, bears=bears) for giver, author, ago, bears in history]
    found = case(
        *(each for each in likes if each.giver == 1),
        got=tuple(each for each in likes if each.author == 1),
        vouched=vouched, allowance=allowance,
    )  # fmt: skip
    verdict = judge(found, FREE)

    assert 0 <= verdict.weight <= fair_play.WHOLE
    assert verdict == judge(found, FREE)
    assert (verdict.weight == fair_play.WHOLE) <= (not verdict.because)
    more = judge(
        case(*found.given, like(1, 2), got=found.got, vouched=vouched, allowance=allowance), FREE
    )
    assert more.weight <= verdict.weight


@given(st.lists(st.integers(0, fair_play.WHOLE), max_size=60))
def test_awards_by_the_sum_lose_and_add_nothing(weights: list[int]):
    total, paid = 0, 0
    for weight in weights:
        total += weight
        due = fair_play.whole_awards(total) - paid
        assert due in (0, 1)
        paid += due

    assert abs(paid * fair_play.WHOLE - total) <= fair_play.WHOLE // 2


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30), st.integers(0, 1_000))
def test_less_than_half_of_the_givers_cannot_lift_the_share_above_what_others_give(
    honest: list[int], many: int
):
    givers = [count for count in honest if count]
    ring = [many] * max(0, len(givers) - 1)

    assert fair_play.allowance_for((*honest, *ring)) <= max(fair_play.LEAST, *honest)


def test_the_days_of_a_voice_are_those_of_the_window():
    recent: tuple[tuple[str, int], ...] = ()
    for ago in (30, 28, 27, 0, 0):
        day = (date.fromisoformat(TODAY) - timedelta(days=ago)).isoformat()
        recent = fair_play.with_one_more(recent, day)

    assert fair_play.given_within(recent, TODAY) == 3
    assert len(recent) == 2


def test_vouching_is_left_where_nobody_with_a_duty_ever_likes():
    assert fair_play.vouching_holds(TODAY, TODAY, 0)
    assert not fair_play.vouching_holds("2026-10-01", TODAY, 0)
    assert fair_play.vouching_holds("2026-10-01", TODAY, 1)


def test_two_who_are_vouched_for_vouch_and_a_duty_does_alone():
    once, enough = fair_play.vouch((), 5, certain=False)
    assert (once, enough) == ((5,), False)
    assert fair_play.vouch(once, 5, certain=False) == ((5,), False)
    assert fair_play.vouch(once, 6, certain=False) == ((5, 6), True)
    assert fair_play.vouch((), 7, certain=True)[1]


def test_an_unvouched_or_returned_like_is_never_worth_more():
    for before in range(4):
        given_ = [like(1, 2, ago=each + 1) for each in range(before)]
        free = judge(case(*given_), FREE).weight
        assert judge(case(*given_, vouched=False), FREE).weight <= free
        assert judge(case(*given_, got=(like(2, 1),)), FREE).weight <= free


@given(histories, st.integers(0, 30), st.integers(1, 40))
def test_another_of_the_clique_who_likes_the_same_never_makes_a_like_worth_more(
    history: list[tuple[int, int, int, bool]], mates: int, allowance: int
):
    likes = [like(giver, author, ago=ago, bears=bears) for giver, author, ago, bears in history]

    def weight(mates: int, *, returned: bool) -> int:
        got = tuple(each for each in likes if each.author == 1 and returned)
        own = [each for each in likes if each.giver == 1]
        return judge(case(*own, got=got, mates=mates, allowance=allowance), FREE).weight

    assert weight(mates + 1, returned=True) <= weight(mates, returned=True)
    assert weight(mates, returned=True) <= weight(mates, returned=False)
