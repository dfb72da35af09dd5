"""`qunyun merge` and `qunyun split`: one person behind several platform ids, and the way back."""

from collections.abc import Callable, Iterable
from typing import Annotated, TypeVar

import typer

from bot.broken import Broken
from bot.commands.shared import UNUSABLE, deployment_or_exit, fail, unbroken_or_exit
from bot.operations.operating import Operation, operating
from handlers.identity import identities
from handlers.people import people
from handlers.ports import Context
from sop.model import Identity, IdentityMerge, Person
from sop.problems import suggestion
from sop.told_events import IdentitiesMerged, IdentitiesSplit

T = TypeVar("T")

TELLING = "into"
"""The word that may stand between the two ids."""

Community = Annotated[str, typer.Option(help="The community, where several know the ids.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it; without it only what it would do.")]


def merge(
    ids: Annotated[list[str], typer.Argument(help="ID INTO ID: whose is merged into whom.")],
    community: Community = "",
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would do.")] = False,
    yes: Yes = False,
) -> None:
    """Make the persons behind two platform ids one. Nothing is lost, and `split` undoes it."""
    told = [each for each in ids if each.casefold() != TELLING]
    if len(told) != 2:  # noqa: PLR2004 - two ids are one person
        raise fail("say: qunyun merge ID into ID", UNUSABLE)
    gone, into = told
    doing = yes and not dry_run
    for line in _told(lambda operation: _merge(operation, into, gone, community, doing=doing)):
        typer.echo(line)


def split(
    member: Annotated[str, typer.Argument(help="Any platform id of the person.")],
    community: Community = "",
    *,
    yes: Yes = False,
) -> None:
    """Undo the newest merge of a person; what has happened since stays with who they are."""
    for line in _told(lambda operation: _split(operation, member, community, doing=yes)):
        typer.echo(line)


def _told(work: Callable[[Operation], T]) -> T:
    with unbroken_or_exit(), operating(*deployment_or_exit()) as operation:
        return work(operation)


def _merge(
    operation: Operation, into: str, gone: str, wanted: str, *, doing: bool
) -> Iterable[str]:
    community = _community(operation, (into, gone), wanted)
    found = operation.look(community, lambda context: _preview(context, into, gone))
    lines = list(_lines(community, found))
    if not doing:
        return [*lines, "nothing was changed: add --yes to do it"]
    operation.handle(
        IdentitiesMerged(
            key=f"merge:{community}:{gone}:{into}:{operation.now}", community=community,
            at=operation.now, into=into, gone=gone,
        )
    )  # fmt: skip
    return [*lines, f"done; qunyun split {gone} undoes it"]


def _community(operation: Operation, ids: Iterable[str], wanted: str) -> str:
    """Return the one community that knows all the ids."""
    names = operation.communities(wanted)
    for userid in ids:
        known = [each for each in names if operation.look(each, _knows(userid))]
        if not known:
            raise Broken(_unknown(operation, names, userid))
        names = known
    if len(names) > 1:
        raise Broken(f"several communities know them: add --community {' or '.join(names)}")
    return names[0]


def _knows(userid: str) -> Callable[[Context], bool]:
    return lambda context: _found(context, userid) is not None


def _unknown(operation: Operation, names: Iterable[str], userid: str) -> str:
    def shown(context: Context) -> list[str]:
        found = context.store.find(Identity, community=context.community, limit=10_000)
        return [each.shown for each in found]

    near = suggestion(userid, [each for name in names for each in operation.look(name, shown)])
    return f"nobody has the id {userid}" + (f" (did you mean {near}?)" if near else "")


def _found(context: Context, userid: str) -> Person | None:
    return people.find_person(context.store, context.community, userid)


def _preview(context: Context, into: str, gone: str) -> identities.Preview:
    one, other = _found(context, into), _found(context, gone)
    if one is None or other is None or one.id == other.id:
        raise Broken(f"{gone} and {into} are one person already")
    return identities.preview(context, one, other)


def _lines(community: str, found: identities.Preview) -> Iterable[str]:
    into, gone = found.into, found.gone
    yield f"{community}: {_named(gone)} becomes {_named(into)}"
    yield f"balance: {into.balance} + {gone.balance} = {found.balance}"
    yield f"ledger entries: {found.entries[0]} + {found.entries[1]}, kept as they are"
    yield f"groups: {', '.join(found.groups) or 'none'}"
    if found.runs_groups:
        yield "attention: one of them owns or looks after a group; both will have that right"


def _named(person: Person) -> str:
    return f"{people.shown(person)} ({person.userid})"


def _split(operation: Operation, member: str, wanted: str, *, doing: bool) -> Iterable[str]:
    community = _community(operation, (member,), wanted)
    found = operation.look(community, lambda context: _newest(context, member))
    into, gone, _ = identities.before(found)
    lines = [f"{community}: {_named(gone)} and {_named(into)} become two again"]
    if not doing:
        return [*lines, "nothing was changed: add --yes to do it"]
    operation.handle(
        IdentitiesSplit(
            key=f"split:{community}:{found.id}:{operation.now}", community=community,
            at=operation.now, member=member,
        )
    )  # fmt: skip
    return [*lines, "done"]


def _newest(context: Context, member: str) -> IdentityMerge:
    person = _found(context, member)
    found = identities.newest(context, person.id) if person else None
    if found is None:
        raise Broken(f"{member} was never merged with anybody")
    into, gone, _ = identities.before(found)
    if member.casefold() in into.also:
        raise Broken(f"{_named(gone)} was merged with them since: split {gone.userid} first")
    return found
