"""Accepted advice that is in force in a group, as layers of what is explained."""

from zoneinfo import ZoneInfo

from bot.library import history
from bot.settings import Settings
from handlers.figures.adopting import accepted
from handlers.people import people
from handlers.ports import Context, Store
from sop.bindings.bindings import Binding
from sop.book import Book
from sop.figures.adopting import holds
from sop.model import AdviceGiven
from sop.pack.inheritance import Override, override_findings
from sop.schema.explanation import Source
from sop.times import localtime


def layers(settings: Settings, community: str, binding: Binding, book: Book) -> tuple[Source, ...]:
    """Return the accepted changes that hold with the files as they are, the weakest first.

    None where there is no database yet; `Broken` where it cannot be read.
    """

    def look(store: Store) -> tuple[Source, ...]:
        context = Context(store=store, book=book, community=community, now=0)
        return tuple(
            Source(
                layer="advice", name=str(each.id), data=each.change,
                note=_note(context, each, book.zone),
            )
            for each in accepted(context, group=binding.id)
            if holds(binding.inherited, each.before)
            and not override_findings(book.pack, Override.model_validate(each.change))
        )  # fmt: skip

    if not history.is_there(settings):
        return ()
    with history.opened(settings) as database:
        return database.read(look)


def _note(context: Context, given: AdviceGiven, zone: ZoneInfo) -> str:
    person = people.current(context.store, context.community, given.closed_by)
    when = localtime.wall_time(given.closed_at, zone).strftime("%Y-%m-%d %H:%M")
    return f"accepted {when} by {(person and person.userid) or people.shown(person)}"
