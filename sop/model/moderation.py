"""Rules that were broken, reported, and what staff have taught."""

from dataclasses import dataclass

from sop.frozen import quick
from sop.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike(Record):
    """A breach of a rule that counts (unless observed or reversed).

    `event_key` is the event it was decided in: the deliveries of that event are its measure.
    `decided_at` is when people decided it, 0 where the rules did at once.
    """

    KEY = ("community", "id")
    community: str
    id: int
    person: int
    group: str
    rule: str
    at: int
    source: str
    measure: str
    event_key: str = ""
    observed: bool = False
    reversed_at: int = 0
    decided_at: int = 0

    @property
    def known_from(self) -> int:
        """Tell from when on the member could hear of it: appeals are open from then."""
        return max(self.at, self.decided_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason(Record):
    """Why staff gave points or reminded somebody, in their words; `source` is what was booked."""

    KEY = ("community", "source")
    community: str
    source: str
    at: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Record):
    """That `reporter` has asked staff to look at something; the task is what it is about.

    Nobody is shown it. status: open, founded (staff saw a breach), groundless (none), seen.
    """

    KEY = ("community", "id")
    community: str
    id: int
    reporter: int
    task: int
    at: int
    status: str = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedText(Record):
    """Words people have decided about: `label` is advert or fine. Never deleted, only retired.

    In force from revision `since` up to, and without, revision `until` (0: still). `words` hold no
    id, number or link. `by` is the person who decided it, 0 an operator; `source` what it was
    decided about.
    """

    KEY = ("community", "id")
    community: str
    id: int
    label: str
    words: str
    source: str
    by: int = 0
    at: int
    since: int
    until: int = 0


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Learning(Record):
    """How often what was learned has changed, and a fingerprint of all the changes."""

    KEY = ("community",)
    community: str
    revision: int
    digest: str
