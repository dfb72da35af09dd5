"""Owns how much the bot may start by itself: what fits, when more does, and who goes first.

Pure functions over what is already spent, what the pack allows, and the time. A limit that a
pack does not state does not exist.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from sop.fields.pack_types import Rate
from sop.pack import pack_actions, pack_campaigns
from sop.pack.pack_steps import Step
from sop.standing import standing
from sop.times import localtime
from sop.times.durations import DAY_MS, Cap

Priority = Literal["high", "normal", "low"]

LONGEST_WAIT_MS: Final = 8 * DAY_MS
"""What found no room for longer than the longest period is dropped: nobody waits for it."""

STRIDE: Final = 100_000
"""More than a pack can have steps: a rank is a priority's number times this, plus a position."""

POSTING: Final = (
    pack_actions.PostAction,
    pack_actions.DropAction,
    pack_actions.AskAction,
    pack_actions.QuestionsAction,
    pack_actions.ShareDayAction,
    pack_actions.GameAction,
    pack_actions.OfferAction,
    pack_actions.ReportAction,
    pack_campaigns.WallAction,
    pack_campaigns.CollectAction,
    pack_campaigns.ChallengeAction,
    pack_campaigns.VoteAction,
    pack_campaigns.ShowcaseAction,
    pack_campaigns.SignupAction,
)
"""Actions that can put a message into the group."""

_PRIORITIES: Final[Mapping[Priority, int]] = {"high": 1, "normal": 2, "low": 3}


@dataclass(frozen=True, slots=True)
class Room:
    """What one budget has left in its period: `spent` of `cap`, and when it renews (ms)."""

    spent: int
    cap: Cap
    renews_at: int

    @property
    def left(self) -> int:
        """Messages that still fit, never below 0."""
        return max(self.cap.n - self.spent, 0)

    def admits(self, wanted: int) -> bool:
        """Tell whether so many messages may begin now.

        More than a whole period allows can never fit at once: as many as it allows must.
        """
        return min(wanted, self.cap.n) <= self.left


def room(cap: Cap, spent: int, now: int, zone: ZoneInfo) -> Room:
    """Return what is left of a cap at an instant."""
    return Room(spent, cap, renews_at(cap, now, zone))


def period(cap: Cap, now: int, zone: ZoneInfo) -> str:
    """Name the local day or ISO week the instant's messages count in."""
    return standing.period_of(cap.period, now, zone)


def renews_at(cap: Cap, now: int, zone: ZoneInfo) -> int:
    """Return the first instant of the next local day, or of the next ISO week."""
    today = localtime.local_date(now, zone)
    ahead = 1 if cap.period == "day" else 8 - today.isoweekday()
    return localtime.local_midnight(today + timedelta(days=ahead), zone)


def within(instants: Iterable[int], rate: Rate, now: int) -> tuple[int, ...]:
    """Return the instants that count against a rolling rate; one of the future counts too."""
    since = now - rate.within_ms if rate.within_ms is not None else -1
    return tuple(at for at in instants if at > since)


def rank_of(priority: Priority, position: int) -> int:
    """Return a step's rank by its priority and place in the pack; the lower goes first.

    The program's own deadlines have rank 0 and go before every step.
    """
    return _PRIORITIES[priority] * STRIDE + min(position, STRIDE - 1)


def turn(rank: int, due_at: int) -> tuple[int, int, int]:
    """Return what orders things that run at one instant: priority, then due time, then place."""
    return rank // STRIDE, due_at, rank % STRIDE


def posts(step: Step, position: int) -> int:
    """Return how many messages to the group an action of the step may make, at the most."""
    action = step.do[position]
    match action:
        case pack_actions.AskAction():
            # A prompt that belongs to the item before it goes out as one message with it.
            return 0 if action.ask.from_ == "item" else 1
        case pack_actions.ReportAction():
            return 1 if action.to == "group" else 0
        case _:
            return 1 if isinstance(action, POSTING) else 0


def posts_from(step: Step, start: int = 0) -> int:
    """Return how many messages to the group the step may make from an action on."""
    return sum(posts(step, position) for position in range(start, len(step.do)))


def letters(step: Step) -> int:
    """Return how many private messages the step sends each of its members."""
    return sum(1 for action in step.do if isinstance(action, pack_actions.DmAction))
