"""Filling in the operator's texts: what a template may name, read from the state when it does."""

from collections.abc import Sequence
from typing import Any

from handlers import overrides
from handlers.links import short_links
from handlers.people import people
from handlers.ports import Context
from handlers.threads import entries
from sop import channels
from sop.activities.commands import parse_command
from sop.model import Group, Person
from sop.pack import templates
from sop.texts import text


def render(
    context: Context,
    template: str,
    group: Group | None,
    *,
    person: Person | None = None,
    joined: Sequence[Person] = (),
    aside: bool = False,
) -> str:
    """Return the text of a template for this group and member; what people wrote, as it is.

    `aside` says that the member reads it in private, not in the group.
    """
    if isinstance(template, templates.Verbatim):
        return str(template)
    return templates.render(
        template, names(context, group, person=person, joined=joined, aside=aside)
    )


def names(
    context: Context,
    group: Group | None,
    *,
    person: Person | None,
    joined: Sequence[Person],
    aside: bool = False,
) -> dict[str, Any]:
    """What templates may name (see the format page): values, and functions read on demand."""
    pack = overrides.book_of(context, group).pack if group else context.book.pack

    def top(count: int = 5) -> str:
        return people.named(ranking(context, count))

    def best(name: str, count: int = 3) -> str:
        return entries.best_lines(context, name, count, group.id if group else "")

    def say(words: str) -> str:
        return say_aside(context, group, words) if aside else say_words(context, group, words)

    def link(name: str) -> str:
        return short_links.of_group(context, group, name)

    # Newcomers who share a post are each its member, and all are named.
    named = people.named((person,) if person else joined)
    return {
        "member": {"name": named} if person or joined else {},
        "members": people.named(joined) if joined else named,
        "group": {"name": group.title or group.id if group else pack.title},
        "texts": pack.texts,
        "rules": {"charter": pack.rules.charter},
        "top": top,
        "best": best,
        "link": link,
        "say": say,
    }


def ranking(context: Context, count: int) -> list[Person]:
    """Return the persons of highest score, those who do not want to be ranked left out."""
    found = context.store.find(
        Person, community=context.community, unranked=False, score__gt=0, order="-score",
        limit=count,
    )  # fmt: skip
    return list(found)


def say_aside(context: Context, group: Group | None, words: str) -> str:
    """Render for a private message what its reader must do: a command is heard there as well."""
    if group is None or parse_command(words, context.book.words) is not None:
        return text("say.heard", words=words)
    if not channels.hears(group.channels):
        return text("say.heard", words=words)
    return say_there(context, group, words)


def say_there(context: Context, group: Group, words: str) -> str:
    """Render for a private message what its reader must do in a group."""
    said = say_words(context, group, words)
    return text("say.over-there", group=group.title or group.id, say=said)


def only_there(context: Context, group: Group, key: str, words: str) -> str:
    """Send who writes in private to the group by the text `key`, which says why.

    Where nothing that is said there is heard it is for its members alone.
    """
    title = group.title or group.id
    if not channels.hears(group.channels):
        return text("commands.unheard-group", group=title)
    return text(key, group=title, say=say_words(context, group, words))


def say_words(context: Context, group: Group | None, words: str) -> str:
    """Render what the member must really do here for these words to be heard."""
    if group is None:
        return text("say.private", words=words)
    if channels.hears_all(group.channels):
        return text("say.heard", words=words)
    if channels.can(group.channels, "hear_mentions"):
        return text("say.mentioned", words=words, bot=context.book.bot_name or text("people.me"))
    return text("say.private", words=words)
