"""How often rosters are looked at: by what happens, by how many there are, within the limits."""

import asyncio
from collections import Counter, deque

from bot.rosters.roster_pace import CALLS_PER_HOUR, GAP_MS, Pace, Turns

MINUTE = 60_000
HOUR = 60 * MINUTE


def looks(pace: Pace[int], busy: set[int], until: float) -> Counter[int]:
    """Look whenever something is due, as far apart as the limit asks for."""
    seen: Counter[int] = Counter()
    now = 0.0
    while now < until:
        key = pace.take(now)
        if key is None:
            now = max(now, pace.next_at() or until)
            continue
        seen[key] += 1
        now += GAP_MS
        pace.answered(key, now, news=key in busy)
    return seen


def test_few_groups_are_looked_at_as_often_as_wished():
    pace: Pace[int] = Pace(MINUTE)
    pace.follow(range(100), 0)

    assert set(looks(pace, set(), HOUR).values()) == {60}


def test_of_too_many_the_changing_ones_are_looked_at_often_and_no_other_is_forgotten():
    pace: Pace[int] = Pace(MINUTE)
    pace.follow(range(5_000), 0)
    assert pace.longest_ms == 5_000 * GAP_MS * 2
    busy = set(range(100))
    seen = looks(pace, busy, 2 * HOUR)

    assert seen.total() <= 2 * CALLS_PER_HOUR
    assert min(seen[each] for each in busy) > 90
    assert min(seen.values()) >= 2 * HOUR // pace.longest_ms


def test_what_is_bound_no_longer_is_not_looked_at():
    pace: Pace[int] = Pace(MINUTE)
    pace.follow((1, 2), 0)
    pace.follow((2,), 0)

    assert [pace.take(0), pace.take(0)] == [2, None]
    pace.answered(1, 0, news=True)
    pace.failed(1, 0)
    assert pace.take(HOUR) == 2


def test_a_call_that_fails_is_made_again_later_each_time_until_it_succeeds():
    pace: Pace[int] = Pace(MINUTE)
    pace.follow((1,), 0)
    waits = []
    now = 0.0
    for _ in range(9):
        assert pace.take(now) == 1
        pace.failed(1, now)
        waits.append(((pace.next_at() or 0) - now) / 1_000)
        now = pace.next_at() or 0
    assert waits == [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600]

    pace.take(now)
    pace.answered(1, now, news=False)
    assert (pace.next_at() or 0) - now == MINUTE


def test_a_pause_holds_everything():
    pace: Pace[int] = Pace(MINUTE)
    pace.follow((1,), 0)
    pace.pause(MINUTE)

    assert pace.take(MINUTE - 1) is None
    assert pace.next_at() == MINUTE
    assert pace.take(MINUTE) == 1


def test_calls_of_one_api_pass_one_after_the_other():
    now, slept = [0], deque[float]()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += round(seconds * 1_000)

    async def story() -> None:
        turns = Turns(lambda: now[0], sleep)
        for _ in range(3):
            await turns.wait()
        now[0] += 1_000
        assert turns.behind_ms == 0

    asyncio.run(story())
    assert list(slept) == [GAP_MS / 1_000] * 2
