"""Conditions, decided: what holds, what does not, and what nobody can know.

Every condition is one entry of `TESTS`: it reads the facts it needs and says True, False or
None (unknown: this group's channels cannot hear enough to tell). A step that depends on an
unknown does not run.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sop.fields.comparison import Comparison
from sop.frozen import quick
from sop.pack.pack_conditions import Conditions
from sop.times.durations import format_duration


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

    def unheard(self) -> str:
        """Why something of them cannot be known, as the end of a sentence."""
        ...


@quick
@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether conditions hold (None: unknown), with the figures behind it for the trace.

    `reasons` is everything that was asked, `against` what of it stood in the way.
    """

    holds: bool | None
    reasons: tuple[str, ...] = ()
    against: tuple[str, ...] = ()

    def named(self, name: str) -> "Ruling":
        """Return the ruling with the condition's name before each figure."""
        return Ruling(
            self.holds,
            tuple(f"{name}: {each}" for each in self.reasons),
            tuple(f"{name}: {each}" for each in self.against),
        )


Shown = Callable[[float], str]


def _plainly(number: float) -> str:
    return f"{number:g}"


def _as_time(ms: float) -> str:
    """A length of time in its two largest units: seconds do not matter beside days."""
    parts = re.findall(r"[0-9]+[a-z]", format_duration(int(ms)))
    return "".join(parts[:2])


def _compare(
    facts: Facts, found: int | None, wanted: Comparison, shown: Shown = _plainly
) -> Ruling:
    if found is None:
        return _unknown(facts)
    within = f" in {format_duration(wanted.within_ms)}" if wanted.within_ms is not None else ""
    figure = f"{shown(found)}{within}, needs {wanted.op} {shown(wanted.value)}"
    return _ruled(wanted.holds(found), figure)


def _same(facts: Facts, found: object, wanted: object) -> Ruling:
    if found is None:
        return _unknown(facts)
    return _ruled(found == wanted, f"{_word(found)}, needs {_word(wanted)}")


def _has(*, found: bool, what: str, holds: str, fails: str) -> Ruling:
    return _ruled(found, f"{what} {holds if found else fails}")


def _word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _ruled(holds: bool, figure: str) -> Ruling:  # noqa: FBT001 - what the ruling is
    return Ruling(holds, (figure,), () if holds else (figure,))


def _unknown(facts: Facts) -> Ruling:
    figure = f"unknown: {facts.unheard()}"
    return Ruling(None, (figure,), (figure,))


def _each_deed(facts: Facts, wanted: Mapping[str, Comparison]) -> Ruling:
    return _all(
        _compare(facts, facts.deeds(deed, test.within_ms), test).named(deed)
        for deed, test in wanted.items()
    )


def _likes(facts: Facts, wanted: Any) -> Ruling:
    found = facts.liked_in(wanted.tag, wanted.count.within_ms)
    return _compare(facts, found, wanted.count).named(wanted.tag)


def _recognised(facts: Facts, within: int) -> Ruling:
    return _has(
        found=facts.recognised(within), what="something of theirs", holds="was recognised",
        fails=f"needs to be recognised within {format_duration(within)}",
    )  # fmt: skip


Test = Callable[[Facts, Any], Ruling]

TESTS: Final[Mapping[str, Test]] = {
    "segment": lambda facts, name: ruling(facts.segment(name), facts).named(name),
    "layer": lambda facts, layer: _same(facts, facts.layer(), layer),
    "level": lambda facts, level: _has(
        found=facts.level_reached(level), what=level, holds="reached", fails="not reached"
    ),
    "role": lambda facts, role: _same(facts, facts.role(), role),
    "tag": lambda facts, tag: _has(
        found=facts.has_tag(tag), what=tag, holds="carried", fails="not carried"
    ),
    "paid": lambda facts, paid: _same(facts, facts.paid(), paid),
    "score": lambda facts, test: _compare(facts, facts.score(), test),
    "balance": lambda facts, test: _compare(facts, facts.balance(), test),
    "active_days": lambda facts, test: _compare(facts, facts.active_days(test.within_ms), test),
    "introduced": lambda facts, wanted: _same(facts, facts.introduced(), wanted),
    "strikes": lambda facts, test: _compare(facts, facts.strikes(test.within_ms), test),
    "value_posts": lambda facts, test: _compare(facts, facts.value_posts(test.within_ms), test),
    "recognised_ms": _recognised,
    "step_done": lambda facts, step: _has(
        found=facts.step_done(step), what=step, holds="has run", fails="has not run"
    ),
    "tenure": lambda facts, test: _compare(facts, facts.tenure(), test, _as_time),
    "last_seen": lambda facts, test: _compare(facts, facts.last_seen(), test, _as_time),
    "deeds": _each_deed,
    "liked_in": _likes,
    "any": lambda facts, entries: _any(ruling(each, facts) for each in entries),
}


_SPOKEN: Final[Mapping[str, str]] = {"recognised_ms": "recognised"}
"""Conditions that the pack spells otherwise than the model."""


def ruling(conditions: Conditions, facts: Facts) -> Ruling:
    """Decide conditions of which all must hold; one that fails settles it, else unknown wins."""
    return _all(_asked(conditions, facts))


def allows(if_: Conditions, unless: Conditions, facts: Facts) -> Ruling:
    """Decide whether `if` holds and nothing of `unless` does; what fails settles it.

    Unknown where nothing fails and something of either cannot be known.
    """
    wanted = ruling(if_, facts)
    if wanted.holds is False:
        return wanted
    denied = _all(_denied(each) for each in _asked(unless, facts))
    if denied.holds is False:
        return Ruling(False, (*wanted.reasons, *denied.reasons), denied.against)
    holds = None if None in (wanted.holds, denied.holds) else True
    return Ruling(holds, (*wanted.reasons, *denied.reasons), (*wanted.against, *denied.against))


def in_segment(name: str, facts: Facts) -> Ruling:
    """Decide whether somebody belongs to a segment of the pack."""
    return ruling(facts.segment(name), facts).named(name).named("segment")


def _asked(conditions: Conditions, facts: Facts) -> Iterator[Ruling]:
    """Decide each condition that is asked, one when the one before did not settle it."""
    for name, wanted in conditions.asked:
        yield TESTS[name](facts, wanted).named(_SPOKEN.get(name, name))


def _denied(found: Ruling) -> Ruling:
    """Turn a ruling round: what must not hold."""
    if found.holds is None:
        return found.named("unless")
    if not found.holds:
        return Ruling(True, found.reasons).named("unless")
    met = tuple(each.replace(", needs ", ", meets ") for each in found.reasons)
    return Ruling(False, met, met).named("unless")


def _all(parts: Iterable[Ruling]) -> Ruling:
    reasons: list[str] = []
    doubts: list[str] = []
    holds: bool | None = True
    for part in parts:
        reasons.extend(part.reasons)
        if part.holds is False:
            return Ruling(False, tuple(reasons), part.against)
        if part.holds is None:
            holds = None
            doubts.extend(part.against)
    return Ruling(holds, tuple(reasons), tuple(doubts))


def _any(parts: Iterable[Ruling]) -> Ruling:
    found = list(parts)
    met = [part for part in found if part.holds]
    reasons = tuple(reason for part in met or found for reason in part.reasons)
    if met:
        return Ruling(True, reasons)
    doubts = [part for part in found if part.holds is None]
    against = tuple(figure for part in doubts or found for figure in part.against)
    return Ruling(None if doubts else False, reasons, against)
