"""What happens in a group besides talking, told in a line each: by the bot, and by people."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from bot.pictures.moments import Cast, Noted
from sop.book import Book
from sop.texts import text


def _task(line: Mapping[str, Any], _book: Book, cast: Cast) -> Noted:
    heading = text("pictures.task", to=cast.name(str(line.get("to", ""))))
    return Noted(at=line["ms"], words=str(line.get("text", "")), tone="task", heading=heading)


def _strike(line: Mapping[str, Any], book: Book, cast: Cast) -> Noted:
    check = next((each for each in book.pack.rules.checks if each.id == line.get("rule")), None)
    reason = (check.reason or text(f"rules.{check.detect}")) if check else ""
    name = cast.name(str(line.get("member", "")))
    return Noted(at=line["ms"], words=text("pictures.strike", name=name, rule=reason), tone="bad")


def _level(line: Mapping[str, Any], book: Book, cast: Cast) -> Noted:
    titles = {each.id: each.title for each in book.pack.levels}
    level = str(line.get("text", ""))
    key = "pictures.level-down" if line.get("reason") == "down" else "pictures.level"
    words = text(key, name=_member(line, cast), level=titles.get(level, level))
    return Noted(at=line["ms"], words=words, tone="good" if key == "pictures.level" else "plain")


def _layer(line: Mapping[str, Any], _book: Book, cast: Cast) -> Noted:
    layer = "core" if line.get("text") == "core" else "regular"
    words = text(f"pictures.layer-{layer}", name=_member(line, cast))
    return Noted(at=line["ms"], words=words, tone="good" if layer == "core" else "plain")


def _moved(what: Literal["add", "remove"]) -> "Teller":
    def tell(line: Mapping[str, Any], _book: Book, cast: Cast) -> Noted:
        words = text(f"pictures.do-{what}", name=_member(line, cast))
        return Noted(at=line["ms"], words=words, tone="bad" if what == "remove" else "plain")

    return tell


def _member(line: Mapping[str, Any], cast: Cast) -> str:
    return cast.name(str(line.get("member") or line.get("to") or ""))


Teller = Callable[[Mapping[str, Any], Book, Cast], Noted | None]
DEEDS: Final[Mapping[str, Teller]] = {
    "task": _task,
    "strike": _strike,
    "level": _level,
    "layer": _layer,
    "add": _moved("add"),
    "remove": _moved("remove"),
}
"""How each thing the bot does besides talking is told."""


def _named(key: str, who: str) -> Callable[[Mapping[str, Any], Cast], str]:
    return lambda fields, cast: text(f"pictures.news-{key}", name=cast.name(str(fields[who])))


NEWS: Final[Mapping[str, Callable[[Mapping[str, Any], Cast], str]]] = {
    "group.created": lambda _fields, _cast: text("pictures.begun-created"),
    "group.adopted": lambda _fields, _cast: text("pictures.begun-adopted"),
    "member.joined": _named("joined", "member"),
    "member.left": _named("left", "member"),
    "member.paid": _named("paid", "member"),
    "accept": _named("accept", "member"),
    **{answer: _named(answer, "by") for answer in ("approve", "reject", "done")},
}
"""How each thing that happens besides talking is told; what is not here is not news."""
