"""Teams in a collection: how a member names theirs, and that none is larger than it may be."""

from dataclasses import replace

from handlers.collections import collecting
from handlers.collections.given import Given
from handlers.ports import Context
from handlers.threads import entries
from sop.activities import collecting as policy
from sop.model import Item, Thread
from sop.text import normalise, safe_name
from sop.texts import text


def named(given: Given) -> tuple[Given, str]:
    """Return the entry with its member's team, and what to say where that cannot be.

    A team that is named stands for all entries of the member from then on.
    """
    team = given.thread.body["team"]
    if not team:
        return given, ""
    context = given.context
    said_, rest = policy.split_team(given.said, team["by"], context.book.words.separators)
    known = entries.every(context, given.thread, person=context.person_id)
    before = next((each.team for each in reversed(known) if each.team), "")
    wanted = safe_name(said_)
    if not wanted:
        return replace(given, team=before), ""
    if normalise(before) == normalise(wanted):
        return replace(given, team=before, said=rest), ""
    wanted, size = _known(context, given.thread, wanted)
    if size >= team["size"]:
        return given, text("collect.team-full", team=wanted, size=team["size"])
    _join(context, known, wanted)
    if known and not rest:
        return given, text("collect.team-joined", team=wanted)
    return replace(given, team=wanted, said=rest), ""


def _known(context: Context, thread: Thread, wanted: str) -> tuple[str, int]:
    """Return the team as it was first written, and how many members it has."""
    rows = context.store.rows(
        Item, ("team", "person"), community=context.community, thread=thread.id, team__ne=""
    )
    members: set[int] = set()
    name = ""
    for team, person in rows:
        if normalise(team) == normalise(wanted):
            name = name or team
            members.add(person)
    return name or wanted, len(members)


def _join(context: Context, known: list[Item], team: str) -> None:
    for each in known:
        if each.team != team:
            context.store.put(replace(each, team=team))


def hint(given: Given) -> str:
    """Say how a team is named, to who has not named any."""
    team = given.thread.body["team"]
    if not team or given.team:
        return ""
    named_ = text("collect.team-named", by=team["by"])
    say = collecting.how(given.context, given.group, given.thread, named_)
    return text("collect.team-hint", by=team["by"], say=say)
