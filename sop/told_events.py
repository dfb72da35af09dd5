"""What an operator, or staff in an operator's place, tell: no platform knows it by itself."""

from dataclasses import dataclass

from sop.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitRefunded(Event):
    """An operator takes the claim of that number back, from outside a chat."""

    claim: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChanged(Event):
    """`member` holds `role` (member, leader, staff, owner) from now on."""

    member: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPaid(Event):
    """The payment status of `member` is `value` from now on, `until` an instant (0: no end)."""

    member: str
    value: bool
    until: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsTold(Event):
    """Who pays and who does not, as an operator's table has it: (member, value, until) each."""

    payments: tuple[tuple[str, bool, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersTold(Event):
    """What a shop has sold: (order, buyer, at, cents, what, refunded) each.

    `buyer` is a platform id or a name, `at` 0 where no time is told; the same order told again
    is the same one.
    """

    orders: tuple[tuple[str, str, int, int, str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsRecounted(Event):
    """What deeds since a local date (ISO) would have brought more, or less, by today's pack.

    Each of `corrections` is (person, deed, points, standing); `run` names the recount.
    """

    since: str
    run: str
    corrections: tuple[tuple[int, str, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextsTaught(Event):
    """An operator says of texts that they are adverts (True), or fine, from outside a chat."""

    texts: tuple[tuple[bool, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningReverted(Event):
    """Texts of these numbers are to be unlearned; or, with a `revision`, all since that one."""

    texts: tuple[int, ...] = ()
    revision: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BirthdayTold(Event):
    """`member` was born on `date` (ISO, or month and day as MM-DD)."""

    member: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentitiesMerged(Event):
    """The platform ids `into` and `gone` are one person, who goes on as the former."""

    into: str
    gone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentitiesSplit(Event):
    """The newest merge of the person behind the platform id `member` was a mistake."""

    member: str
