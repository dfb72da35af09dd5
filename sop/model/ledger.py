"""Points and what they buy: entries, likes, benefits and their codes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sop.frozen import quick
from sop.model.record import Record


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry(Record):
    """Points booked for a deed; never changed. A correction is an entry with `reversal_of`.

    The key says that one source pays a person each deed at most once; reinstating what was
    reversed is a new generation. `id` counts a community's entries.
    """

    KEY = ("community", "person", "source", "deed", "generation")
    community: str
    person: int
    source: str
    deed: str
    generation: int = 0
    id: int
    group: str
    points: int
    step: str
    version: str
    at: int
    standing: int = 0
    reversal_of: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Like(Record):
    """What one person thinks well of; `target` names it for ever, and takes one like a person.

    `target` is `item:GROUP:NUMBER`, `message:ID`, or `person:ID:DATE` for somebody as such.
    status: counted, held (people look at it first), refused (they said no), withdrawn.
    `counts`: towards numbers of likes. `weight` is what it brings in points, in thousandths;
    `bears`: it used some of the giver's share of the month, whatever it weighed.
    """

    KEY = ("community", "target", "giver")
    community: str
    target: str
    giver: int
    author: int
    group: str
    at: int
    day: str
    status: str = "counted"
    counts: bool = True
    bears: bool = False
    weight: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice(Record):
    """What a person's likes weigh, and what likes have brought them.

    `vouchers` are those whose likes vouch for the person, until there are enough (`vouched`).
    `given` and `received` are the thousandths of likes that count for points so far,
    `given_paid` and `received_paid` how many whole ones of them were put to the ledger.
    `recent` holds (local date, likes given) of the last weeks. Until `cleared_until` nobody need
    look at their likes again.
    """

    KEY = ("community", "person")
    community: str
    person: int
    vouched: bool = False
    vouchers: tuple[int, ...] = ()
    given: int = 0
    given_paid: int = 0
    received: int = 0
    received_paid: int = 0
    recent: tuple[tuple[str, int], ...] = ()
    last_at: int = 0
    cleared_until: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LikeNorm(Record):
    """How many likes a month weigh anything for each, as reckoned on the local date `day`.

    `since` is the date of the first like. `vouching`: who is not vouched for counts less.
    `cliques` has the clique of each person, by number as text, see `sop.standing.cliques`.
    """

    KEY = ("community",)
    community: str
    day: str
    since: str
    allowance: int
    vouching: bool
    cliques: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment(Record):
    """A member's first comment with a reason on somebody else's numbered contribution."""

    KEY = ("community", "group", "number", "person")
    community: str
    group: str
    number: int
    person: int
    text: str
    at: int
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Record):
    """A benefit that a person took, or asked for.

    status: given; waiting (for somebody's yes, or for hands); refunded (and free for others
    again); spoiled (refunded, yet gone: its code was seen). What was paid for it is the ledger's
    entry of the source `claim:ID`. `code` is as it is kept (see `sop.activities.codes`), `tail`
    what may be shown of it for ever. `title`, `price` and `cost` are those of the day it was
    taken, `cause` is the event by which: what is made up for it is made of that, so that nobody
    can guess it.
    """

    KEY = ("community", "id")
    community: str
    id: int
    benefit: str
    person: int
    at: int
    code: str = ""
    tail: str = ""
    status: str = "given"
    title: str = ""
    price: int = 0
    cost: int = 0
    group: str = ""
    version: str = ""
    cause: str = ""
    expires_at: int = 0
    closed_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Record):
    """A code that was brought for a benefit: `claim` is 0 until it is given, once for ever.

    `mark` tells it from all others of the community without telling the code; `sealed` opens
    only with the deployment's key of the id `lock`. `number` is its place in the order it was
    brought in. A claim of `LOCKED` keeps it back, because that key is not known at present.
    """

    KEY = ("community", "mark")
    community: str
    mark: str
    benefit: str
    number: int
    sealed: str
    lock: str
    tail: str
    added_at: int
    claim: int = 0
