"""Which community a private message belongs to: that of its sender, and no other's.

Only communities the sender is in (or runs) are matched and listed: a stranger learns nothing. Who
was taken out for a breach may still ask why, and object, as long as an appeal is open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.card_ids import community_of
from bot.library.shelf import Shelf
from handlers.people import people
from handlers.ports import Store
from sop.activities.commands import parse_command
from sop.events import MessageReceived
from sop.model import Contact, Group, Identity, Member, Strike
from sop.texts import text

OBJECTING: Final = frozenset({"appeal", "why_warned"})
"""What somebody who was taken out may still say."""


class Unplaced(Exception):
    """The message belongs to no community that is bound here; the text says what to answer."""


def placed(
    store: Store, event: MessageReceived, shelf: Shelf, *, card: str = ""
) -> MessageReceived:
    """Return the message in the community it names first, or was last used, or is the only one.

    What was pressed on a card belongs to the community that sent it, if the sender is in that.

    Raises `Unplaced` where the sender is in none, or in several and has not said which.
    """
    own = (*_own(store, event.sender, shelf), *_objected_to(store, event, shelf))
    titles = {name: shelf.titles[name] for name in own}
    if not titles:
        gone = _was_there(store, event.sender)
        raise Unplaced(text("commands.left-group" if gone else "commands.no-group"))
    sent_by = community_of(card, titles)
    if sent_by:
        return replace(event, community=sent_by)
    meant = _named(event.text, titles)
    if meant:
        rest = event.text.removeprefix(titles[meant]).strip()
        return replace(event, community=meant, text=rest)
    contact = store.get(Contact, event.sender.casefold())
    if contact is not None and contact.community in titles:
        return replace(event, community=contact.community)
    if len(titles) == 1:
        return replace(event, community=next(iter(titles)))
    raise Unplaced(text("commands.which-community", titles=" / ".join(titles.values())))


def _own(store: Store, sender: str, shelf: Shelf) -> Sequence[str]:
    """The communities the sender is a member of now, owns, or is on the staff of."""
    userid = sender.casefold()
    joined = {
        identity.community
        for identity in store.find(Identity, userid=userid)
        if store.count(Member, community=identity.community, person=identity.person, left_at=0)
    }
    return [name for name in shelf.titles if name in joined or _runs(userid, name, shelf)]


def _was_there(store: Store, sender: str) -> bool:
    return any(
        store.count(Member, community=identity.community, person=identity.person)
        for identity in store.find(Identity, userid=sender.casefold())
    )


def _objected_to(store: Store, event: MessageReceived, shelf: Shelf) -> Sequence[str]:
    """The communities that took the sender out, and that the message asks about in time."""
    identities = store.find(Identity, userid=event.sender.casefold())
    return [
        each.community
        for each in identities
        if each.community in shelf.books and _may_object(store, event, each, shelf)
    ]


def _may_object(store: Store, event: MessageReceived, identity: Identity, shelf: Shelf) -> bool:
    book, title = shelf.books[identity.community], shelf.titles[identity.community]
    command = parse_command(event.text.removeprefix(title), book.words)
    appeal = book.pack.rules.appeal
    if appeal is None or command is None or command.name not in OBJECTING:
        return False
    person = people.current(store, identity.community, identity.person)
    strikes = store.find(
        Strike, community=identity.community, person=person.id, measure="remove"
    ) if person else ()  # fmt: skip
    return any(each.known_from >= event.at - appeal.within_ms for each in strikes)


def helps(store: Store, sender: str, shelf: Shelf) -> bool:
    """Tell whether somebody is owner or staff of any group here, by binding or as was learned."""
    userid = sender.casefold()
    if any(_runs(userid, community, shelf) for community in shelf.titles):
        return True
    for identity in store.find(Identity, userid=userid):
        person = people.current(store, identity.community, identity.person)
        groups = store.find(Group, community=identity.community, retired=False)
        if any(people.is_staff(person, group) for group in groups):
            return True
    return False


def _runs(userid: str, community: str, shelf: Shelf) -> bool:
    return any(
        userid in {each.casefold() for each in (group.owner, *group.staff)}
        for group in shelf.groups.get(community, ())
    )


def _named(said: str, titles: Mapping[str, str]) -> str:
    """The community whose title stands first, as a word of its own; the longest of several."""
    found = [
        name for name, title in titles.items()
        if said.startswith(title) and not said[len(title) : len(title) + 1].isalnum()
    ]  # fmt: skip
    return max(found, key=lambda name: len(titles[name]), default="")
