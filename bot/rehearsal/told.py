"""A transcript as people read it: day by day, what the bot did at what time, to whom and why."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from bot.rehearsal import wording
from bot.rehearsal.script import Cue, fields_of
from bot.rehearsal.wording import Names

MARGIN: Final = " " * 7
"""What stands before the words of a line: the width of its time."""

COLOURS: Final[Mapping[str, str]] = {
    "post": "green",
    "dm": "cyan",
    "reply": "cyan",
    "points": "bright_black",
    "strike": "red",
    "remove": "red",
    "error": "red",
    "task": "yellow",
    "held": "magenta",
    "dropped": "magenta",
    "level": "blue",
    "layer": "blue",
    "leader": "blue",
}
"""How the head of a line is coloured on a terminal."""

_UNSEEN: Final = {
    code: None
    for codes in ((*range(9), *range(11, 32)), range(0x7F, 0xA0), range(0x202A, 0x202F),
                  range(0x2066, 0x206A))
    for code in codes
}  # fmt: skip
"""Control characters but tab and line end, and those that turn the direction of writing."""

NO_NAMES: Final = Names()


class Piece(NamedTuple):
    """A line of the timeline and its colour; none for words said."""

    text: str
    colour: str | None = None


def harmless(words: str) -> str:
    """Return words without what would command a terminal: members and files may say anything."""
    return words.translate(_UNSEEN)


class Timeline:
    """Tells lines in order of time; a heading stands above each day."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._day = ""

    @property
    def begun(self) -> bool:
        """Whether anything has been told."""
        return bool(self._day)

    def tell(self, line: Mapping[str, Any]) -> Iterator[Piece]:
        """Yield what to print for one line of the transcript."""
        yield from self.heading(line)
        yield Piece(head(line, self._names), COLOURS.get(line["do"]))
        for words in body(line):
            yield Piece(words)

    def hear(self, cue: Cue, zone: ZoneInfo) -> Iterator[Piece]:
        """Yield what to print for a line of the script: what people say, who comes and goes."""
        if not wording.known("entries", cue.kind):
            return
        fields = fields_of(cue, zone)
        line: dict[str, Any] = {
            name: fields[name] for name in ("at", "group", "text") if name in fields
        }
        who = str(fields.get("from") or fields.get("member"))
        yield from self.tell({**line, "do": cue.kind, "member": who})

    def heading(self, line: Mapping[str, Any]) -> Iterator[Piece]:
        """Yield the heading of the line's day, if it is another one than before."""
        day = line["at"][:10]
        if day != self._day:
            self._day = day
            yield Piece(wording.day_heading(day, date.fromisoformat(day).weekday()), "white")


def told(line: Mapping[str, Any], names: Names = NO_NAMES) -> str:
    """Return one entry of the timeline; texts keep their line breaks, indented."""
    return "\n".join((head(line, names), *body(line)))


def head(line: Mapping[str, Any], names: Names) -> str:
    """Return when, where and what."""
    place = f"{line['group']}  " if "group" in line else ""
    return f"{line['at'][11:16]}  {place}{entry(line, names)}"


def entry(line: Mapping[str, Any], names: Names) -> str:
    """Return what a line says happened, in one line of words."""
    do, whom = line["do"], names.who(line.get("to") or line.get("member", ""))
    values = {
        "do": do,
        "to": names.who(line.get("to", "")),
        "member": names.who(line.get("member", "")),
        "whom": f" {whom}" if whom else "",
        "points": f"{line.get('points', 0):+d}",
        "deed": wording.deed(line.get("deed", "")),
        "text": names.title(str(line.get("text", ""))),
        "mention": _mark(line, "mention", names=names.mentioned(line.get("mention", []))),
        "step": _mark(line, "step", step=line.get("step")),
        "rule": _mark(line, "rule", rule=line.get("rule")),
        "reason": _reason(line),
    }
    closer = f"{do}-{line.get('text', '')}"
    forms = (f"{closer}-{line.get('reason', '')}", closer, do, "other")
    form = next(each for each in forms if wording.known("entries", each))
    parts = [wording.words("entries", form, **values)]
    parts += [_mark(line, each, **{each: line.get(each)}) for each in ("file", "image")]
    return " ".join(" ".join(parts).split())


def body(line: Mapping[str, Any]) -> Iterator[str]:
    """Yield the words that were said, and why something was kept back."""
    if line["do"] not in ("layer", "level", "leader", "trace") and line.get("text"):
        for each in str(line["text"]).split("\n"):
            yield f"{MARGIN}{each}"
    if line.get("buttons"):
        labels = (wording.words("marks", "button", label=each) for each in line["buttons"])
        yield MARGIN + " ".join(labels)
    for why in _list(line.get("why", ())):
        yield f"{MARGIN}{why}"


def _list(value: Any) -> list[Any]:
    return [value] if isinstance(value, str) else list(value)


def _mark(line: Mapping[str, Any], name: str, **values: object) -> str:
    return wording.words("marks", name, **values) if line.get(name) else ""


def _reason(line: Mapping[str, Any]) -> str:
    reason = wording.reason(line.get("reason", ""))
    return reason if line["do"] == "level" else _mark(line, "reason", reason=reason)
