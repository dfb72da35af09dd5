"""What happened in a group on one day of a rehearsal, in order: script and transcript in one.

Pure: cues are what people did, lines are what the bot decided. Points stand with the message
that earned them; what is private says with whom.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from bot.pictures import tellings
from bot.pictures.moments import Cast, Moment, Noted, Said
from bot.rehearsal import script
from bot.rehearsal.script import Cue
from sop.book import Book
from sop.events import MessageReceived
from sop.texts import has, text
from sop.times import localtime

COMMUNITY: Final = "rehearsal"

MOST: Final = 1_500
"""Messages and notes that one day shows: nobody scrolls further."""

_BOT: Final = ""
"""Who speaks when it is the bot."""


class NothingToShow(Exception):
    """There is nothing on that day, or no such group: then the message names those there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One group's day."""

    group: str
    day: date
    cast: Cast
    moments: tuple[Moment, ...]


def story_of(
    lines: Iterable[Mapping[str, Any]],
    cues: Sequence[Cue],
    book: Book,
    day: date | None = None,
    group: str = "",
) -> Story:
    """Return the day of a group; by default the first day, and its liveliest group.

    Raises `NothingToShow`.
    """
    events = sorted(
        [*((cue.at, 0, cue.group, cue) for cue in cues if cue.kind != "down"), *_timed(lines)],
        key=lambda event: event[:2],
    )
    days = list(dict.fromkeys(localtime.local_date(event[0], book.zone) for event in events))
    chosen = day or next(iter(days), None)
    if chosen is None or chosen not in days:
        raise NothingToShow(f"nothing happens on {chosen or 'any day'}")
    today = [each for each in events if localtime.local_date(each[0], book.zone) == chosen]
    place = group or _liveliest(today)
    if not any(each[2] == place for each in events):
        known = ", ".join(dict.fromkeys(each[2] for each in events if each[2]))
        raise NothingToShow(f"there is no group {place}: there are {known}")
    cast = _cast(cues, chosen, book)
    moments = _moments([each[3] for each in today if each[2] in (place, "")], book, cast)
    return Story(group=place, day=chosen, cast=cast, moments=tuple(moments))


_Event = tuple[int, int, str, Any]


def _timed(lines: Iterable[Mapping[str, Any]]) -> Iterator[_Event]:
    for line in lines:
        at = round(datetime.fromisoformat(str(line["at"])).timestamp() * 1_000)
        yield at, 1, str(line.get("group", "")), {**line, "ms": at}


def _liveliest(events: Sequence[_Event]) -> str:
    counted = Counter(each[2] for each in events if each[2])
    return counted.most_common(1)[0][0] if counted else ""


def _cast(cues: Sequence[Cue], day: date, book: Book) -> Cast:
    """Who is known by the end of that day."""
    names: dict[str, str] = {}
    roles: dict[str, str] = {}
    for cue in cues:
        if localtime.local_date(cue.at, book.zone) <= day:
            fields = cue.fields
            names.update({str(each): str(name) for each, name in fields.get("names", {}).items()})
            if cue.kind == "member.joined" and fields.get("name"):
                names[str(fields["member"])] = str(fields["name"])
            if cue.kind == "role":
                roles[str(fields["member"])] = str(fields["role"])
            roles.update({str(each): "staff" for each in fields.get("staff", ())})
            if fields.get("owner"):
                roles[str(fields["owner"])] = "owner"
    return Cast(names=names, roles=roles)


def _moments(events: Sequence[Any], book: Book, cast: Cast) -> list[Moment]:
    told = _Telling(book, cast)
    for event in events:
        if isinstance(event, Cue):
            told.cue(event)
        else:
            told.line(event)
    if len(told.moments) <= MOST:
        return told.moments
    more = text("pictures.more", count=len(told.moments) - MOST)
    return [*told.moments[:MOST], Noted(at=told.moments[MOST - 1].at, words=more)]


class _Telling:
    """Turns what comes in order into moments; points join the message they were earned by."""

    def __init__(self, book: Book, cast: Cast) -> None:
        self.moments: list[Moment] = []
        self._book = book
        self._cast = cast
        self._messages: dict[str, str] = {}

    def cue(self, cue: Cue) -> None:
        """Tell what somebody did."""
        event = script.event_of(cue, COMMUNITY, self._book)
        if isinstance(event, MessageReceived):
            self._messages[event.message_id] = text(
                "pictures.quoted", name=self._cast.name(event.sender), words=event.text
            )
            self.moments.append(
                Said(
                    at=cue.at,
                    who=event.sender,
                    words=event.text,
                    quote=self._quoted(event.quote),
                    mention=event.mentions,
                    private="" if cue.group else event.sender,
                    image=str(cue.fields.get("image") or ""),
                )
            )
            return
        news = tellings.NEWS.get(cue.kind)
        if news is not None:
            self.moments.append(Noted(at=cue.at, words=news(cue.fields, self._cast)))

    def _quoted(self, quote: str) -> str:
        """What a quote shows: who said it, and what; `quote` is an id or a part of the text."""
        if not quote or quote in self._messages:
            return self._messages.get(quote, "")
        said = (each for each in reversed(self.moments) if isinstance(each, Said))
        found = next((each for each in said if quote in each.words), None)
        if found is None:
            return quote
        name = self._cast.name(found.who) if found.who else text("pictures.bot")
        return text("pictures.quoted", name=name, words=found.words)

    def line(self, line: Mapping[str, Any]) -> None:
        """Tell what the bot decided."""
        do = str(line["do"])
        if do in ("post", "reply", "dm"):
            self._spoken(line, do)
        elif do == "points":
            self._points(line)
        elif do in tellings.DEEDS:
            found = tellings.DEEDS[do](line, self._book, self._cast)
            if found is not None:
                self.moments.append(found)

    def _spoken(self, line: Mapping[str, Any], do: str) -> None:
        private = do == "dm" or not line.get("group")
        mention = line.get("mention", ())
        self.moments.append(
            Said(
                at=line["ms"],
                who=_BOT,
                words=str(line.get("text", "")),
                mention=("all",) if mention == "all" else tuple(map(str, mention)),
                private=str(line.get("to") or line.get("member") or "") if private else "",
                step=str(line.get("step", "")),
                image=str(line.get("image", "")),
                file=str(line.get("file", "")),
            )
        )

    def _points(self, line: Mapping[str, Any]) -> None:
        member, points = str(line.get("member", "")), int(line.get("points", 0))
        deed = str(line.get("deed", ""))
        entry = (points, text(f"deeds.{deed}") if has(f"deeds.{deed}") else deed)
        for place in range(len(self.moments) - 1, -1, -1):
            moment = self.moments[place]
            if moment.at != line["ms"]:
                break
            if isinstance(moment, Said) and moment.who == member:
                self.moments[place] = replace(moment, points=(*moment.points, entry))
                return
        words = text("pictures.points", name=self._cast.name(member), points=f"{points:+d}",
                     why=entry[1])  # fmt: skip
        self.moments.append(
            Noted(at=line["ms"], words=words, tone="good" if points > 0 else "bad")
        )
