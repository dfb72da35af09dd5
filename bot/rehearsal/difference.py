"""What differs between two transcripts of the same input: lines, and where people end.

Values for programs, stable from version to version:
`{"change": "appears" | "disappears" | "changes", …}` is about one line of the transcript. It has
that line's keys; `changes` has the keys both sides share and what differs under `old` and `new`.
`{"change": "person", "member", "old", "new"}` comes last, one for each person who ends otherwise:
`balance`, `score`, `level`, `layer` and `warned` (strikes), as far as they differ.
"""

import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from bot.rehearsal.standing import Standing

Line = Mapping[str, Any]

FIGURES: Final = ("balance", "score", "level", "layer")

UNTOLD: Final = frozenset({"points"})
"""Lines that are told as one figure a person."""

OWN_WORDS: Final = frozenset({"post", "dm"})
"""What a step says: there a number is the operator's word, elsewhere it may be a running one."""

_NUMBER: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Ended:
    """One side's end: its lines, and where everybody stands."""

    lines: Sequence[Line]
    standings: Mapping[str, Standing]


def differences(old: Ended, new: Ended) -> Iterator[dict[str, Any]]:
    """Yield every difference: of lines in order of time, then of people as they came."""
    yield from _of_lines(old.lines, new.lines)
    yield from _of_people(old, new)


def _of_lines(old: Sequence[Line], new: Sequence[Line]) -> list[dict[str, Any]]:
    before = [line for line in old if line["do"] not in UNTOLD]
    after = [line for line in new if line["do"] not in UNTOLD]
    found: list[dict[str, Any]] = []
    for likeness in _LIKENESS:
        before, after, pairs = _paired(before, after, likeness)
        found.extend(_change(one, other) for one, other in pairs if likeness is not _alike)
    found.extend({"change": "disappears", **line} for line in before)
    found.extend({"change": "appears", **line} for line in after)
    return sorted(found, key=lambda each: str(each["at"]))


Likeness = Callable[[Line], Hashable]


def _paired(
    old: Iterable[Line], new: Iterable[Line], likeness: Likeness
) -> tuple[list[Line], list[Line], list[tuple[Line, Line]]]:
    """Pair lines that are alike, in order; return what is left of each side, and the pairs."""
    waiting: dict[Hashable, deque[Line]] = defaultdict(deque)
    for line in old:
        waiting[likeness(line)].append(line)
    left: list[Line] = []
    pairs: list[tuple[Line, Line]] = []
    for line in new:
        queue = waiting.get(likeness(line))
        if queue:
            pairs.append((queue.popleft(), line))
        else:
            left.append(line)
    taken = Counter(id(one) for one, _ in pairs)
    return [line for line in old if id(line) not in taken], left, pairs


def _who(line: Line) -> tuple[Any, ...]:
    mention = line.get("mention")
    return (
        line["do"], line.get("group"), line.get("to"), line.get("member"), line.get("rule"),
        tuple(mention) if isinstance(mention, list) else mention,
    )  # fmt: skip


def _text(line: Line) -> str:
    said = str(line.get("text", ""))
    return said if line["do"] in OWN_WORDS and "step" in line else _NUMBER.sub("0", said)


def _alike(line: Line) -> Hashable:
    """Nothing that matters differs."""
    rest = tuple(line.get(name) for name in ("at", "step", "reason", "image", "file"))
    return (*_who(line), *rest, _text(line))


def _same_moment(line: Line) -> Hashable:
    return (*_who(line), line["at"], line.get("step"))


def _same_day(line: Line) -> Hashable:
    return (*_who(line), line["at"][:10], line.get("step"))


def _same_words(line: Line) -> Hashable:
    """The step has another name now."""
    return (*_who(line), line["at"], _text(line))


_LIKENESS: Final[tuple[Likeness, ...]] = (_alike, _same_moment, _same_words, _same_day)
"""How lines are found to belong together, the surest way first."""


def _change(old: Line, new: Line) -> dict[str, Any]:
    names = [name for name in {**old, **new} if name != "why"]
    shared = {name: new[name] for name in names if old.get(name) == new.get(name)}
    was = {name: old[name] for name in names if name not in shared and name in old}
    now = {name: new[name] for name in names if name not in shared and name in new}
    return {"change": "changes", "at": new["at"], **shared, "old": was, "new": now}


def _of_people(old: Ended, new: Ended) -> Iterator[dict[str, Any]]:
    warned = [_warned(side.lines) for side in (old, new)]
    for member in {**old.standings, **new.standings}:
        was = _figures(old.standings.get(member), warned[0][member])
        now = _figures(new.standings.get(member), warned[1][member])
        differing = [name for name in now if was.get(name) != now[name]]
        if differing:
            yield {
                "change": "person",
                "member": member,
                "old": {name: was[name] for name in differing},
                "new": {name: now[name] for name in differing},
            }


_NOBODY: Final = Standing(name="", balance=0, score=0, level="", layer="regular")


def _figures(standing: Standing | None, warned: int) -> dict[str, Any]:
    values = asdict(standing or _NOBODY)
    return {**{name: values[name] for name in FIGURES}, "warned": warned}


def _warned(lines: Sequence[Line]) -> Counter[str]:
    return Counter(
        line.get("member", "")
        for line in lines
        if line["do"] == "strike" and line.get("reason") != "observe"
    )
