"""Filling in the operator's texts: what a template may name, read from the state when it does."""

from collections.abc import Sequence
from typing import Any

from handlers import overrides, people
from handlers.ports import Context
from sop import channels, templates
from sop.model import Group, Person
from sop.texts import text


def render(
    context: Context,
    template: str,
    group: Group | None,
    *,
    person: Person | None = None,
    joined: Sequence[Person] = (),
) -> str:
    """Return the text of a template for this group and member; what people wrote, as it is."""
    if isinstance(template, templates.Verbatim):
        return str(template)
    return templates.render(template, names(context, group, person=person, joined=joined))


def names(
    context: Context, group: Group | None, *, person: Person | None, joined: Sequence[Person]
) -> dict[str, Any]:
    """What templates may name (see the format page): values, and functions read on demand."""
    pack = overrides.book_of(context, group).pack if group else context.book.pack

    def top(count: int = 5) -> str:
        return people.named(ranking(context, count))

    def say(words: str) -> str:
        return say_words(context, group, words)

    def link(name: str) -> str:
        return pack.links.get(name, "")

    return {
        "member": {"name": people.shown(person)} if person else {},
        "members": people.named(joined or ((person,) if person else ())),
        "group": {"name": group.title or group.id if group else pack.title},
        "texts": pack.texts,
        "rules": {"charter": pack.rules.charter},
        "top": top,
        "best": lambda _collection, _count=3: "",
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


def say_words(context: Context, group: Group | None, words: str) -> str:
    """Render what the member must really do here for these words to be heard."""
    if group is None:
        return text("say.private", words=words)
    if channels.hears_all(group.channels):
        return text("say.heard", words=words)
    if channels.can(group.channels, "hear_mentions"):
        return text("say.mentioned", words=words, bot=context.book.bot_name or text("people.me"))
    return text("say.private", words=words)
