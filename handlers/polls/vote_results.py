"""What a vote brought, in words: a bar for each option, what was chosen, and who is thanked."""

from collections.abc import Sequence
from typing import Any, Final

from handlers.people import people
from handlers.ports import Context
from handlers.replies import excerpt
from handlers.threads import entries, shown
from sop import channels
from sop.activities import votes
from sop.model import Ballot, Group, Item, Thread
from sop.texts import quoted, text

OPTION: Final = 60
"""Characters of an option that are shown."""

NAMED: Final = 10
"""Voters who are thanked by name, where ballots are open."""


def numbered(options: Sequence[str]) -> list[str]:
    """Return the options as lines, each with the number it is chosen by."""
    return [
        text("votes.option", number=number, option=excerpt(option, OPTION))
        for number, option in enumerate(options, 1)
    ]


def found(vote: Thread) -> votes.Result:
    """Return what the counted ballots decide."""
    body = vote.body
    return votes.result(body["counts"], quorum=body["quorum"], secret=body["secret"])


def words(context: Context, group: Group, vote: Thread) -> str:
    """Return the result; that nobody voted is only said where everybody could be heard."""
    result = found(vote)
    if not result.ballots:
        heard = channels.hears_all(group.channels)
        return text("votes.nobody", title=vote.title) if heard else ""
    lines = [text("votes.result", title=vote.title, count=result.ballots)]
    named = _options(context, vote)
    if result.told:
        lines += _figures(named, result)
    lines.append(_decision(vote, named, result))
    lines += [shown.quote(context, each) for each in chosen(context, vote)]
    lines += _thanks(context, group, vote)
    return "\n".join(lines)


def _options(context: Context, vote: Thread) -> list[str]:
    """Return the options as they are told now: an entry may have been taken back meanwhile."""
    numbers = vote.body["entries"].get("numbers", ())
    gone = {
        place for place, number in enumerate(numbers) if not _is_shown(context, vote.group, number)
    }
    return [
        text("showcase.taken-back") if place in gone else excerpt(option, OPTION)
        for place, option in enumerate(vote.body["options"])
    ]


def _is_shown(context: Context, group: str, number: int) -> bool:
    entry = context.store.get(Item, context.community, group, number)
    return entry is not None and entries.is_shown(entry)


def chosen(context: Context, vote: Thread) -> list[Item]:
    """Return the entries that a vote over entries has chosen, the best first."""
    over, result = vote.body["entries"], found(vote)
    if not over or not result.winners:
        return []
    ranked = [place for place in votes.ranked(result.counts) if result.counts[place - 1]]
    numbers = [over["numbers"][place - 1] for place in ranked]
    items = (context.store.get(Item, context.community, vote.group, each) for each in numbers)
    kept = [each for each in items if each is not None and entries.is_shown(each)]
    return kept[: over["pick"]]


def settle_entries(context: Context, group: Group, vote: Thread) -> None:
    """Remember that the entries that were chosen are shown."""
    if vote.body["entries"]:
        shown.mark(context, group, vote.body["entries"]["of"], chosen(context, vote))


def picture(context: Context, group: Group, vote: Thread) -> dict[str, Any]:
    """Return what is drawn of the result; nothing where its figures are not told."""
    result, named = found(vote), _options(context, vote)
    if not result.told:
        return {}
    rows = [
        [
            named[place - 1], result.counts[place - 1],
            votes.share(result.counts[place - 1], result.ballots), place in result.winners,
        ]
        for place in votes.ranked(result.counts)
    ]  # fmt: skip
    return {
        "kind": "vote", "community": group.title, "title": vote.title, "rows": rows,
        "decision": _decision(vote, named, result),
        "foot": text("votes.foot", count=result.ballots),
    }  # fmt: skip


def _figures(named: Sequence[str], result: votes.Result) -> list[str]:
    most = max(result.counts)
    return [
        text(
            "votes.line", bar=votes.bar(count, most), number=place, count=count,
            option=named[place - 1],
            share=votes.share(count, result.ballots),
        ).strip()
        for place in votes.ranked(result.counts)
        for count in (result.counts[place - 1],)
    ]  # fmt: skip


def _decision(vote: Thread, named: Sequence[str], result: votes.Result) -> str:
    if not result.reached:
        return text("votes.not-reached", quorum=vote.body["quorum"])
    if not result.told:
        return text("votes.too-few-secret")
    names = [quoted(named[each - 1]) for each in result.winners]
    if vote.body["topics"]:
        key = "votes.topic-first" if len(names) > 1 else "votes.topic"
        return text(key, names=names[0])
    key = "votes.tie" if len(names) > 1 else "votes.winner"
    return text(key, names=text("people.joiner").join(names))


def _thanks(context: Context, group: Group, vote: Thread) -> list[str]:
    """Thank some who voted by name: in a secret vote not even that is told."""
    if vote.body["secret"]:
        return []
    names: list[str] = []
    for each in context.store.find(
        Ballot, community=context.community, thread=vote.id, order="person"
    ):
        person = people.current(context.store, context.community, each.person)
        if person is not None and people.may_be_named(context, group, person):
            names.append(people.shown(person))
        if len(names) == NAMED:
            break
    return [text("votes.thanks", names=text("people.joiner").join(names))] if names else []
