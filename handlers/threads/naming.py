"""Whom a command means: a mention, an @NAME or a quote counts if it is exactly one person.

Everything that is said must point to the same person. The first @NAME of the text decides whom
it is about, so that a victim named later is never taken for the culprit; where anything is in
doubt nobody is meant, and the candidates are listed with numbers to choose by.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from handlers.people import people
from handlers.ports import Context, Store
from handlers.threads import quotes
from sop import channels
from sop.events import MessageReceived
from sop.model import BOT, Member, Message, Person
from sop.text import normalise, safe_name
from sop.texts import text

LIMIT: Final = 1_000
"""Characters of an argument in which names are looked for."""

LONGEST_NAME: Final = 6
"""Words a name may have; shown names have at most 20 characters."""

MOST_SPOTS: Final = 8
"""Words with an @ that are looked at."""

LISTED: Final = 10
"""Candidates listed at most."""

SLICE: Final = 1_000
"""Persons read in one statement."""

NOT_PERSONS: Final = frozenset({"bot", "all", "@all"})
"""What a channel may list among mentions that is no member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """The person, or (None) what to answer instead; `rest` is the argument without the name."""

    person: Person | None = None
    rest: str = ""
    problem: str = ""


def points(event: MessageReceived, context: Context, argument: str) -> bool:
    """Tell whether the message names somebody: by a mention, or by an @ that begins a word."""
    return bool(mentioned(event, context)) or any(
        word.startswith("@") for word in words_of(argument)
    )


def author(event: MessageReceived, context: Context) -> Person | None:
    """Return who said what the message quotes; None for the bot, and where that is not certain."""
    message = quoted(event, context)
    if message is None or message.person == BOT:
        return None
    return people.current(context.store, context.community, message.person)


def quoted(event: MessageReceived, context: Context) -> Message | None:
    """Return the message or post that is quoted, if that is certain."""
    group = context.group
    if group is None or not (event.quote or event.quote_id):
        return None
    return quotes.resolve(context, group, event)


def resolve(
    event: MessageReceived, context: Context, argument: str, *, former: bool = False
) -> Meant:
    """Return the one person a command means in the context's group.

    With `former`, who has left the group may be named as well.
    """
    pointed = _pointed(event, context, _crowd(context, former=former), argument)
    said_by = author(event, context)
    if pointed is None:
        return _meant(context, (said_by,) if said_by else (), argument)
    if said_by is not None and pointed.found:
        return _meant(context, (*pointed.found, said_by), pointed.rest)
    return _meant(context, pointed.found, pointed.rest)


def _meant(context: Context, found: Iterable[Person], rest: str) -> Meant:
    candidates = {person.id: person for person in found}
    if len(candidates) == 1:
        return Meant(person=next(iter(candidates.values())), rest=rest)
    if not candidates:
        named = context.group is None or channels.knows_members(context.group.channels)
        return Meant(problem=text("commands.no-person" if named else "commands.no-person-number"))
    lines = [
        text("commands.candidate", number=number, name=people.shown(candidates[number]))
        for number in sorted(candidates)[:LISTED]
    ]
    heading = text("commands.which-person", number=min(candidates))
    return Meant(problem="\n".join((heading, *lines)))


@dataclass(frozen=True, slots=True)
class _Found:
    """Whom some words name, and how many words the name takes."""

    persons: tuple[Person, ...]
    length: int = 1


@dataclass(frozen=True, slots=True)
class _Crowd:
    """The people a name can mean, each with the normal form of how they are shown."""

    store: Store
    community: str
    known: tuple[tuple[str, Person], ...]

    def exactly(self, name: str, *, number: bool = True) -> tuple[Person, ...]:
        """Return everybody who has that whole name, platform id or (`number`) number."""
        forms = {normalise(name), normalise(safe_name(name))} - {""}
        by_number = forms if number else set()
        owner = people.find_person(self.store, self.community, name)
        return tuple(
            person
            for shown, person in self.known
            if shown in forms
            or str(person.id) in by_number
            or (owner is not None and owner.id == person.id)
        )

    def beginning(self, name: str) -> tuple[Person, ...]:
        """Return everybody whose own name begins so."""
        wanted = normalise(name)
        return tuple(
            person
            for shown, person in self.known
            if wanted and person.name and shown.startswith(wanted)
        )

    def at_start(self, words: Sequence[str], *, number: bool) -> _Found:
        """Return whom the first words name: the longest whole name."""
        for length in range(min(LONGEST_NAME, len(words)), 0, -1):
            found = self.exactly(" ".join(words[:length]), number=number)
            if found:
                return _Found(found, length)
        return _Found(())

    def at_sign(self, words: Sequence[str]) -> _Found:
        """Return whom an @ in the first word names: a whole name, else one that begins so."""
        first = words[0][1:]
        whole = self.at_start((first, *words[1:]), number=True) if first else _Found(())
        return whole if whole.persons else _Found(self.beginning(first))

    def mentioned(self, name: str) -> tuple[Person, ...]:
        """Return whom a channel's mention means: an id is certain, a name must be whole."""
        person = people.find_person(self.store, self.community, name)
        return (person,) if person else self.exactly(name.removeprefix("@"))


@dataclass(frozen=True, slots=True)
class _Pointed:
    """Whom the names in a message mean together, and the argument without the first."""

    found: tuple[Person, ...]
    rest: str


def _pointed(
    event: MessageReceived, context: Context, crowd: _Crowd, argument: str
) -> _Pointed | None:
    """Follow the mentions if the channel tells any, else the text; None where nobody is named."""
    words = words_of(argument)
    spots = [place for place, word in enumerate(words) if word.startswith("@")][:MOST_SPOTS]
    mentions = mentioned(event, context)
    if not (spots or mentions):
        bare = crowd.at_start(words, number=False)
        return _Pointed(bare.persons, " ".join(words[bare.length :])) if bare.persons else None
    named = [crowd.at_sign(words[spot:]) for spot in spots]
    rest = argument
    if spots:
        rest = " ".join((*words[: spots[0]], *words[spots[0] + named[0].length :]))
    if not mentions:
        first, *later = (each.persons for each in named)
        return _Pointed(_together((first, *filter(None, later))), rest)
    if len(spots) > len(mentions):
        return _Pointed((), rest)
    return _Pointed(_together(crowd.mentioned(each) for each in mentions), rest)


def _together(found: Iterable[tuple[Person, ...]]) -> tuple[Person, ...]:
    """Put together what several names found: nobody, if one of them is nobody."""
    each = list(found)
    return tuple(person for persons in each for person in persons) if all(each) else ()


def _crowd(context: Context, *, former: bool) -> _Crowd:
    """Return the members of the context's group: the only ones a name can mean."""
    present: dict[str, Any] = {} if former else {"left_at": 0}
    members = context.store.find(
        Member, community=context.community, group=context.group_id, **present
    )
    ids = [member.person for member in members]
    known = tuple(
        (normalise(people.shown(person)), person)
        for start in range(0, len(ids), SLICE)
        for person in context.store.find(
            Person, community=context.community, id__in=ids[start : start + SLICE]
        )
    )
    return _Crowd(context.store, context.community, known)


def mentioned(event: MessageReceived, context: Context) -> tuple[str, ...]:
    """Return the ids or names that the channel tells as mentioned, the bot and @all left out."""
    nobody = NOT_PERSONS | {context.book.bot_name.casefold()}
    told = (name.strip() for name in event.mentions)
    return tuple(
        dict.fromkeys(
            name for name in told if name and name.casefold().removeprefix("@") not in nobody
        )
    )


def words_of(argument: str) -> list[str]:
    """Return the words of an argument, each @ in its ordinary form."""
    return argument[:LIMIT].replace("\uff20", "@").split()
