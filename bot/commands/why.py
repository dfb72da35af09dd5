"""`qunyun why`: what became of a step's last occurrences, and what would happen now."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

import typer

from bot.broken import Broken
from bot.commands.shared import AsJson, deployment_or_exit, told_or_exit
from bot.library import history
from bot.library.bound_groups import Abilities
from bot.library.library import Library
from bot.operations.deployments import time_in
from bot.rehearsal import wording
from bot.settings import Settings
from handlers.people import people
from handlers.ports import Context, Store
from handlers.steps import whys
from handlers.traces import Verdict
from sop.book import Book
from sop.model import Group, Identity, Occurrence, Person, Trace
from sop.pack.pack_steps import Step
from sop.problems import suggestion
from sop.times import localtime

VERDICTS = {
    "run": ("ran", "would run"),
    "merged": ("ran with others", "would run"),
    "held": ("held", "would be held"),
    "dropped": ("dropped", "would be dropped"),
    "not-fired": ("not fired", "would not fire"),
    "": ("", "depends"),
}
"""What became of an occurrence, and what would, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked about, as it was found, and the account of it."""

    context: Context
    group: Group
    step: Step
    member: Person | None
    account: whys.Account


def why(
    group: Annotated[str, typer.Argument(help="A group's id, or community/group.")],
    step: Annotated[str, typer.Argument(help="The step's id.")],
    member: Annotated[str, typer.Option(help="Only about this member, by platform id.")] = "",
    last: Annotated[int, typer.Option(min=1, max=1_000, help="Occurrences shown.")] = 10,
    *,
    as_json: AsJson = False,
) -> None:
    """Say what became of a step's last occurrences, and what would happen if it were due now.

    The bot may be running meanwhile.
    """
    look = partial(told_about, group_name=group, step_name=step, member=member, last=last)
    settings, able = deployment_or_exit()
    shown: Sequence[str] = told_or_exit(
        lambda settings: look(settings, able, as_json=as_json), settings
    )
    for line in shown:
        typer.echo(line)


def told_about(
    settings: Settings,
    able: Abilities,
    *,
    group_name: str,
    step_name: str,
    member: str,
    last: int,
    as_json: bool,
) -> list[str]:
    """Return the lines to print. Raises `Broken` for what is not known, with what was meant."""
    library = Library(settings.sop_dir, able)
    if not library.reload():
        raise Broken("\n".join(each.told() for each in library.problems))
    books = library.shelf.books

    def look(store: Store) -> list[str]:
        found = _group(store, books, group_name)
        book = books[found.community].of(found.override)
        step = book.step(step_name)
        if step is None:
            raise Broken(_unknown("step", step_name, book.steps))
        context = Context(
            store=store, book=book, community=found.community, now=time_in(store),
            group_id=found.id,
        )  # fmt: skip
        person = _member(context, member) if member else None
        account = whys.account(context, found, step, person, last)
        asked = Asked(context=context, group=found, step=step, member=person, account=account)
        return [json.dumps(_as_dict(asked), ensure_ascii=False)] if as_json else list(_told(asked))

    with history.opened(settings) as database:
        return database.read(look)


def _group(store: Store, books: Mapping[str, Book], name: str) -> Group:
    community, _, bare = name.rpartition("/")
    known = [each for each in store.find(Group, retired=False) if each.community in books]
    found = [each for each in known if each.id == bare and community in ("", each.community)]
    if not found:
        raise Broken(_unknown("group", name, (_named(each, name) for each in known)))
    if len(found) > 1:
        raise Broken(f"group {name} is in {len(found)} communities: write one of "
                     + ", ".join(_named(each, "/") for each in found))  # fmt: skip
    return found[0]


def _named(group: Group, like: str) -> str:
    return f"{group.community}/{group.id}" if "/" in like else group.id


def _member(context: Context, userid: str) -> Person:
    found = people.find_person(context.store, context.community, userid)
    if found is None:
        known = context.store.find(Identity, community=context.community, limit=10_000)
        raise Broken(_unknown("member", userid, (each.shown for each in known)))
    return found


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = suggestion(name, names)
    if near:
        return f"there is no {kind} {name} (did you mean {near}?)"
    return f"there is no {kind} {name}: there are {', '.join(names[:20]) or 'none'}"


def _told(asked: Asked) -> Iterator[str]:
    group, step = asked.group, asked.step
    yield f"{group.community}/{group.id} {group.title}  {step.id} {step.title}".rstrip()
    for trace in asked.account.traces:
        yield _line(asked, trace)
    if not asked.account.traces:
        yield "nothing of it has fallen due yet"
    yield f"now: {_phrase(asked.account.now, 1)}"
    for row in asked.account.waiting:
        held = f" (held: {wording.reason(str(row.body['held']))})" if row.body.get("held") else ""
        yield f"next: {_at(asked, row.run_at)}{_whose(asked, row)}{held}"


def _line(asked: Asked, trace: Trace) -> str:
    verdict = Verdict(verdict=trace.verdict, reason=trace.reason, figures=trace.figures)
    waits = "".join(
        f", held {_at(asked, at)} ({wording.reason(reason)})" for at, reason in trace.held
        if at != trace.at
    )  # fmt: skip
    late = f", at {_at(asked, trace.at)}" if trace.at - trace.due_at >= 60_000 else ""  # noqa: PLR2004 - a minute
    return f"{_at(asked, trace.due_at)}{_whose(asked, trace)}  {_phrase(verdict, 0)}{waits}{late}"


def _phrase(verdict: Verdict, tense: int) -> str:
    """Say a verdict with its reason and figures, as in `not fired: score 18, needs >= 20`."""
    words = VERDICTS[verdict.verdict][tense]
    figures = "; ".join(each.replace(": ", " ", 1) for each in verdict.figures)
    reason = f" [{wording.reason(verdict.reason)}]" if verdict.reason else ""
    return f"{words}: {figures}{reason}" if figures else f"{words}{reason}"


def _whose(asked: Asked, of: Trace | Occurrence) -> str:
    name = _userid(asked, of.subject)
    return f"  {name}" if name else ""


def _userid(asked: Asked, subject: str) -> str:
    if not subject:
        return ""
    person = asked.context.store.get(Person, asked.group.community, int(subject))
    return person.userid if person else subject


def _at(asked: Asked, ms: int) -> str:
    return localtime.wall_time(ms, asked.context.book.zone).strftime("%Y-%m-%d %H:%M")


def _iso(asked: Asked, ms: int) -> str:
    return localtime.wall_time(ms, asked.context.book.zone).isoformat()


def _as_dict(asked: Asked) -> dict[str, Any]:
    now = asked.account.now
    return {
        "community": asked.group.community,
        "group": asked.group.id,
        "step": asked.step.id,
        "member": asked.member.userid if asked.member else None,
        "occurrences": [_trace(asked, each) for each in asked.account.traces],
        "now": {
            "verdict": now.verdict or None, "reason": now.reason, "figures": now.figures,
            "until": _iso(asked, now.until) if now.until else None,
        },
        "next": [
            {
                "at": _iso(asked, each.run_at), "due_at": _iso(asked, each.due_at),
                "member": _userid(asked, each.subject), "held": each.body.get("held", ""),
            }
            for each in asked.account.waiting
        ],
    }  # fmt: skip


def _trace(asked: Asked, trace: Trace) -> dict[str, Any]:
    return {
        "due_at": _iso(asked, trace.due_at),
        "at": _iso(asked, trace.at),
        "member": _userid(asked, trace.subject),
        "verdict": trace.verdict,
        "reason": trace.reason,
        "figures": trace.figures,
        "held": [{"at": _iso(asked, at), "reason": reason} for at, reason in trace.held],
        "version": trace.version,
    }
