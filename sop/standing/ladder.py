"""What a strike brings, which strikes still count, and when a further one is fair."""

from collections.abc import Iterable, Sequence


def sanction(ladder: Sequence[str], prior_strikes: int) -> str:
    """Return the rung for a strike that follows `prior_strikes` counting ones.

    The first strike (0 before it) brings the first rung; the last rung repeats. A ladder
    without rungs is a `ValueError`, a negative count stands for none.
    """
    if not ladder:
        raise ValueError("a ladder needs at least one rung")
    return ladder[min(max(prior_strikes, 0), len(ladder) - 1)]


def counting(strikes: Iterable[int], now: int, forget_after: int | None) -> int:
    """Return how many strikes (their own times, ms) count at `now`.

    A strike counts until `forget_after` ms have passed since its own time, at that instant no
    more; without `forget_after` it counts for ever. One dated after `now` counts too: a clock
    that jumped back forgives nothing.
    """
    if forget_after is None:
        return sum(1 for _ in strikes)
    return sum(now - at < forget_after for at in strikes)


def may_strike(last_measure_sent_at: int | None, message_sent_at: int) -> bool:
    """Tell whether a message may bring a further strike.

    It must have been sent after the previous measure reached the member, so that nobody is
    struck twice before hearing of it. None: no measure has been taken yet.
    """
    return last_measure_sent_at is None or message_sent_at > last_measure_sent_at
