"""Conditions, decided: what holds, what does not, and what nobody can know.

Every condition is one entry of `TESTS`: it reads the facts it needs and says True, False or
None (unknown: this group's channels cannot hear enough to tell). A step that depends on an
unknown does not run.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sop.comparison import Comparison
from sop.pack_conditions import Conditions


class Facts(Protocol):
    """What is known about a member (or, where nobody is meant, a group); read when asked for.

    Numbers that cannot be known are None. Durations are ms.
    """

    def layer(self) -> str:
        """Core or regular."""
        ...

    def level_reached(self, level: str) -> bool:
        """Whether the score reaches that level."""
        ...

    def role(self) -> str:
        """Owner, staff, leader or member."""
        ...

    def has_tag(self, tag: str) -> bool:
        """Whether the member carries the tag."""
        ...

    def paid(self) -> bool:
        """Whether the member is known to pay."""
        ...

    def score(self) -> int:
        """The standing, computed now."""
        ...

    def balance(self) -> int:
        """The spendable points."""
        ...

    def active_days(self, within_ms: int | None) -> int | None:
        """Local days with a message that was not struck; None: unknown."""
        ...

    def introduced(self) -> bool | None:
        """Whether the member said who they are; None: unknown."""
        ...

    def strikes(self, within_ms: int | None) -> int:
        """Strikes that count, in the window."""
        ...

    def value_posts(self, within_ms: int | None) -> int:
        """Drops, shares and accepted answers the group received."""
        ...

    def recognised(self, within_ms: int) -> bool:
        """Whether something of the member's was accepted or liked lately."""
        ...

    def step_done(self, step: str) -> bool:
        """Whether the step ran in this group."""
        ...

    def tenure(self) -> int:
        """How long the membership lasts."""
        ...

    def last_seen(self) -> int | None:
        """How long ago the member spoke; None: unknown."""
        ...

    def deeds(self, deed: str, within_ms: int | None) -> int:
        """How many awards of the deed, in the window."""
        ...

    def liked_in(self, tag: str, within_ms: int | None) -> int:
        """Counted likes of a member who carries the tag."""
        ...

    def segment(self, name: str) -> Conditions:
        """The definition of a segment."""
        ...


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether conditions hold (None: unknown) and, for the trace, each one's reason."""

    holds: bool | None
    reasons: tuple[str, ...] = ()


def _compare(found: int | None, wanted: Comparison) -> Ruling:
    if found is None:
        return Ruling(None, ("unknown",))
    return Ruling(wanted.holds(found), (f"{found}, needs {wanted.op} {wanted.value:g}",))


def _same(found: object, wanted: object) -> Ruling:
    if found is None:
        return Ruling(None, ("unknown",))
    return Ruling(found == wanted, (f"{found}, needs {wanted}",))


def _each_deed(facts: Facts, wanted: Mapping[str, Comparison]) -> Ruling:
    return _all(
        (deed, _compare(facts.deeds(deed, test.within_ms), test)) for deed, test in wanted.items()
    )


def _likes(facts: Facts, wanted: Any) -> Ruling:
    return _compare(facts.liked_in(wanted.tag, wanted.count.within_ms), wanted.count)


Test = Callable[[Facts, Any], Ruling]

TESTS: Final[Mapping[str, Test]] = {
    "segment": lambda facts, name: ruling(facts.segment(name), facts),
    "layer": lambda facts, layer: _same(facts.layer(), layer),
    "level": lambda facts, level: _same(facts.level_reached(level), True),
    "role": lambda facts, role: _same(facts.role(), role),
    "tag": lambda facts, tag: _same(facts.has_tag(tag), True),
    "paid": lambda facts, paid: _same(facts.paid(), paid),
    "score": lambda facts, test: _compare(facts.score(), test),
    "balance": lambda facts, test: _compare(facts.balance(), test),
    "active_days": lambda facts, test: _compare(facts.active_days(test.within_ms), test),
    "introduced": lambda facts, wanted: _same(facts.introduced(), wanted),
    "strikes": lambda facts, test: _compare(facts.strikes(test.within_ms), test),
    "value_posts": lambda facts, test: _compare(facts.value_posts(test.within_ms), test),
    "recognised_ms": lambda facts, within: _same(facts.recognised(within), True),
    "step_done": lambda facts, step: _same(facts.step_done(step), True),
    "tenure": lambda facts, test: _compare(facts.tenure(), test),
    "last_seen": lambda facts, test: _compare(facts.last_seen(), test),
    "deeds": _each_deed,
    "liked_in": _likes,
    "any": lambda facts, entries: _any(ruling(each, facts) for each in entries),
}


def ruling(conditions: Conditions, facts: Facts) -> Ruling:
    """Decide conditions of which all must hold; one that fails settles it, else unknown wins."""
    return _all((name, TESTS[name](facts, wanted)) for name, wanted in _asked(conditions))


def allows(if_: Conditions, unless: Conditions, facts: Facts) -> Ruling:
    """Decide whether `if` holds and nothing of `unless` does; unknown where either is."""
    wanted = ruling(if_, facts)
    if wanted.holds is False:
        return wanted
    for name, value in _asked(unless):
        found = TESTS[name](facts, value)
        if found.holds is not False:
            hold = None if found.holds is None else False
            return Ruling(hold, tuple(f"unless {name}: {reason}" for reason in found.reasons))
    return wanted


def _asked(conditions: Conditions) -> list[tuple[str, Any]]:
    return [
        (name, getattr(conditions, name))
        for name in TESTS
        if getattr(conditions, name) not in (None, (), {})
    ]


def _all(parts: Any) -> Ruling:
    reasons: list[str] = []
    holds: bool | None = True
    for name, part in parts:
        reasons.extend(f"{name}: {reason}" for reason in part.reasons)
        if part.holds is False:
            return Ruling(False, tuple(reasons))
        holds = None if part.holds is None else holds
    return Ruling(holds, tuple(reasons))


def _any(parts: Any) -> Ruling:
    found = list(parts)
    reasons = tuple(reason for part in found for reason in part.reasons)
    if any(part.holds for part in found):
        return Ruling(True, reasons)
    unknown = any(part.holds is None for part in found)
    return Ruling(None if unknown else False, reasons)
