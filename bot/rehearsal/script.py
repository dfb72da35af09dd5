"""The script of a rehearsal: timed lines of JSON, each an event or a pause of the bot."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.rehearsal.cue_fields import NEEDED, complaint
from sop import events, told_events
from sop.activities import collecting, commands
from sop.book import Book
from sop.times.durations import parse_duration


class ScriptError(Exception):
    """A line of the script cannot be played; the message names its number."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One line, checked: when it happens, and what its fields say."""

    number: int
    at: int
    kind: str
    fields: Mapping[str, Any]

    @property
    def group(self) -> str:
        """The group it happens in; empty in private."""
        return str(self.fields.get("group", ""))


YEARS: Final = range(1970, 9_999)
"""Years that every time zone can write."""


def read_script(lines: Iterable[str]) -> list[Cue]:
    """Return the cues in order of time (lines of one instant keep their order).

    Raises `ScriptError` naming the line that is no JSON, lacks `at`, or names an unknown event.
    """
    cues = [_cue(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    return sorted(cues, key=lambda cue: cue.at)


def _cue(number: int, line: str) -> Cue:
    where = f"line {number}"
    fields = _fields(line, where)
    kind = str(fields.get("event", "message"))
    if kind not in NEEDED:
        raise ScriptError(
            f"{where}: unknown event {kind!r}; known are {', '.join(sorted(NEEDED))}"
        )
    wrong = complaint(fields, ("at", *NEEDED[kind]))
    if wrong:
        raise ScriptError(f"{where}: {wrong}")
    cue = Cue(number, instant(fields["at"], where), kind, fields)
    if kind == "down":
        _checked_length(cue)
    return cue


def _fields(line: str, where: str) -> dict[str, Any]:
    """The line's fields; one that is null is as good as missing."""
    try:
        fields = json.loads(line)
        json.dumps(fields, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ScriptError(f"{where}: holds half a character (a lone surrogate)") from None
    except (ValueError, RecursionError) as error:
        raise ScriptError(f"{where}: is not JSON ({error})") from None
    if not isinstance(fields, dict):
        raise ScriptError(f"{where}: is not a JSON object")
    return {name: value for name, value in fields.items() if value is not None}


def instant(value: object, where: str) -> int:
    """Return a time with its offset (2026-12-01T07:50:00+08:00) as ms UTC."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or moment.year not in YEARS:
        raise ScriptError(
            f"{where}: {value!r:.60} is not a time with its offset, "
            "such as 2026-12-01T07:50:00+08:00"
        )
    return round(moment.timestamp() * 1_000)


def _checked_length(cue: Cue) -> int:
    try:
        return parse_duration(cue.fields["for"])
    except ValueError as error:
        raise ScriptError(f"line {cue.number}: {error}") from None


def down_for(cue: Cue) -> int:
    """Return how long the bot is down, in ms."""
    return _checked_length(cue)


def fields_of(cue: Cue, zone: ZoneInfo) -> dict[str, Any]:
    """Return a cue as a line of a script: its time first, written on that zone's clock."""
    moment = datetime.fromtimestamp(cue.at / 1_000, UTC).astimezone(zone)
    stamp = moment.isoformat(timespec="milliseconds" if cue.at % 1_000 else "seconds")
    return {"at": stamp, **{name: value for name, value in cue.fields.items() if name != "at"}}


COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "like": ("like", ""),
    "redeem": ("redeem", "benefit"),
    "apply": ("apply", ""),
    "vote": ("vote", "choice"),
    "share": ("share", "text"),
    "entry": ("submit", "text"),  # or what its collection takes: see `_entry`
}
"""Events that do what a member's command does: the command, and the field that follows its word.

What `like` is of is quoted.
"""


ASIDE: Final = frozenset({"vote", "apply"})
"""Of these, those that are said in private, with the group's name first: others need not know."""


def key_of(number: int) -> str:
    """Return the key of the event that a line of that number brings about."""
    return f"script:{number}"


def event_of(cue: Cue, community: str, book: Book | None = None) -> events.Event:
    """Return the event a cue stands for; commands are said in the words of the book."""
    common = {"key": key_of(cue.number), "community": community, "group": cue.group, "at": cue.at}
    if cue.kind == "entry" and book is not None and cue.fields.get("collect"):
        return _entry(cue, common, book)
    if cue.kind in COMMANDS:
        return _command(cue, common, book.words if book is not None else commands.words_for())
    return _EVENTS[cue.kind](cue.fields, common)


def _message(fields: Mapping[str, Any], common: dict[str, Any]) -> events.Event:
    mentions = tuple(str(each) for each in fields.get("mentions", ()))
    return _said(
        common,
        str(fields["from"]),
        str(fields["text"]),
        message_id=str(fields.get("id", "")),
        quote=str(fields.get("quote", "")),
        mentions=mentions,
        has_image=bool(fields.get("image") or fields.get("codes")),
        codes=tuple(str(each) for each in fields.get("codes", ())),
    )


def _said(
    common: dict[str, Any],
    sender: str,
    words: str,
    *,
    message_id: str = "",
    quote: str = "",
    mentions: tuple[str, ...] = ("bot",),
    has_image: bool = False,
    codes: tuple[str, ...] = (),
) -> events.MessageReceived:
    return events.MessageReceived(
        **common,
        sender=sender,
        text=words,
        message_id=message_id or common["key"],
        channel="sandbox",
        mentions_bot="bot" in mentions or not common["group"],
        mentions=tuple(each for each in mentions if each != "bot"),
        quote=quote,
        quote_id=quote,
        has_image=has_image,
        codes=codes,
        looked="yes" if has_image else "",
    )


def _command(cue: Cue, common: dict[str, Any], words: commands.Words) -> events.Event:
    """What the member's command does: its word, and the field behind it."""
    name, field = COMMANDS[cue.kind]
    fields = cue.fields
    said = f"{words.shown(name)} {fields.get(field, '')}".strip()
    sender = str(fields.get("member") or fields.get("by"))
    if cue.kind in ASIDE:
        said, common = f"{cue.group} {said}", {**common, "group": ""}
    quote = str(fields.get("of", ""))
    return _said(common, sender, said, message_id=str(fields.get("id", "")), quote=quote)


def _entry(cue: Cue, common: dict[str, Any], book: Book) -> events.Event:
    """An entry of the collection that is named: by its command, an anonymous one in private."""
    fields, name = cue.fields, str(cue.fields["collect"])
    found = book.pack.collections
    meant = found.get(name)
    command = collecting.command_of(meant.kind if meant else "story")
    said, alike = str(fields["text"]), [collecting.command_of(e.kind) for e in found.values()]
    if meant is not None and alike.count(command) > 1:
        # Where several take such entries its name says which is meant.
        said = f"{name} {said}"
    said = f"{book.words.shown(command)} {said}".strip()
    if meant is not None and (meant.anonymous or meant.kind == "wish"):
        said, common = f"{cue.group} {said}", {**common, "group": ""}
    mentions = ["bot", *fields.get("mentions", ())]
    shown = {**fields, "from": fields["member"], "text": said, "mentions": mentions}
    return _message(shown, common)


def _created(fields: Mapping[str, Any], common: dict[str, Any]) -> events.Event:
    return events.GroupCreated(
        **common,
        owner=str(fields.get("owner", "")),
        members=tuple(map(str, fields.get("members", ()))),
        staff=tuple(map(str, fields.get("staff", ()))),
        names={str(key): str(name) for key, name in fields.get("names", {}).items()},
    )


def _joined(fields: Mapping[str, Any], common: dict[str, Any]) -> events.Event:
    return events.MemberJoined(
        **common,
        member=str(fields["member"]),
        name=str(fields.get("name", "")),
        by=str(fields.get("by", "")),
    )


def _answered(choice: str) -> Callable[[Mapping[str, Any], dict[str, Any]], events.Event]:
    return lambda fields, common: events.TaskAnswered(
        **common, task=str(fields["task"]), choice=choice, by=str(fields["by"])
    )


def _relay(fields: Mapping[str, Any], common: dict[str, Any]) -> events.Event:
    """What staff do with a list: bring it in private, after the name of its group."""
    words = f"{fields['group']}\n{fields['text']}"
    return _said({**common, "group": ""}, str(fields["by"]), words)


_EVENTS: Final[Mapping[str, Callable[[Mapping[str, Any], dict[str, Any]], events.Event]]] = {
    "message": _message,
    "relay": _relay,
    "group.created": _created,
    "group.adopted": lambda fields, common: events.GroupAdopted(
        **common, by=str(fields.get("by", ""))
    ),
    "member.joined": _joined,
    "member.left": lambda fields, common: events.MemberLeft(
        **common, member=str(fields["member"])
    ),
    "member.paid": lambda fields, common: told_events.MemberPaid(
        **common, member=str(fields["member"]), value=bool(fields["value"])
    ),
    "member.birthday": lambda fields, common: told_events.BirthdayTold(
        **common, member=str(fields["member"]), date=str(fields["date"])
    ),
    "role": lambda fields, common: told_events.RoleChanged(
        **common, member=str(fields["member"]), role=str(fields["role"])
    ),
    "accept": lambda fields, common: events.AnswerAccepted(
        **common, member=str(fields["member"]), of=str(fields["of"])
    ),
    "approve": _answered("approve"),
    "reject": _answered("reject"),
    "done": _answered("done"),
    "take": _answered("take"),
}
