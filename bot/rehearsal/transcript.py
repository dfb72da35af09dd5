"""The transcript of a rehearsal: one JSON-able line per decided action, people by their ids."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.dispatcher import Handled
from bot.rehearsal.script import Cue
from handlers.ports import Store
from sop.actions import Action
from sop.model import Person


class Transcript:
    """Turns actions into lines; `at` carries the pack's offset."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def lines(
        self, store: Store, handled: Handled, actions: Sequence[Action], now: int
    ) -> list[dict[str, Any]]:
        """Return the lines of one event, with only the keys that apply."""
        community = handled.event.community
        stamp = self.stamp(now)
        found = [_line(store, community, action) for action in actions]
        if handled.error:
            found.append({"do": "error", "group": handled.event.group, "reason": handled.error})
        return [{"at": stamp, **line} for line in found]

    def named(self, line: dict[str, Any], cue: Cue) -> dict[str, Any]:
        """Return a line caused by a cue; an error says which line of the script it came from."""
        if line["do"] != "error" or "text" in line:
            return line
        return {**line, "text": f"line {cue.number}: {cue.kind}: {line['reason']}"}

    def stamp(self, now: int) -> str:
        """Return an instant as it is written in every line."""
        at = datetime.fromtimestamp(now / 1_000, UTC).astimezone(self._zone)
        return at.isoformat(timespec="milliseconds" if now % 1_000 else "seconds")


def _line(store: Store, community: str, action: Action) -> dict[str, Any]:
    line: dict[str, Any] = {
        "group": action.group,
        "do": action.do,
        "to": who(store, community, action.to),
        "text": action.text,
        "mention": _mention(store, community, action.mention),
        "step": action.step,
        "rule": action.rule,
        "member": who(store, community, action.member),
        "points": action.points,
        "deed": action.deed,
        "reason": action.reason,
        "why": action.why,
        "image": action.image,
        "file": action.file,
        "buttons": [each.label for each in action.buttons],
    }
    return compact(line)


def compact(line: dict[str, Any]) -> dict[str, Any]:
    """Return a line with only the keys that apply."""
    return {key: value for key, value in line.items() if value not in ("", None, [])}


def _mention(store: Store, community: str, mention: Sequence[str]) -> str | list[str]:
    if "all" in mention:
        return "all"
    return [who(store, community, each) for each in mention]


def who(store: Store, community: str, name: str) -> str:
    """The platform id of a person id; owner, staff and groups stay as they are."""
    if not name.isdecimal():
        return name
    person = store.get(Person, community, int(name))
    return person.userid if person else name
