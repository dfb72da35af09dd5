"""Who is in a group: making one, adding, removing, asking. Repeats do nothing twice."""

from bot.channels.wecom import errors
from bot.channels.wecom.attempts import Delivery, Ways, refuse
from bot.channels.wecom.rosters import Roster
from handlers.posting.deliveries import NOT_BESIDE


async def create(delivery: Delivery, ways: Ways) -> Roster:
    """Make the group; where an earlier attempt did, and its answer was lost, that one is it."""
    chat_id, owner, members = delivery.chat_id, delivery.owner, delivery.to_userids
    try:
        await ways.api.appchat_create(chat_id, delivery.name, owner, members)
    except errors.Permanent as refused:
        if refused.fate is not errors.Fate.CHECK_CREATED:
            raise
        made = await ways.api.appchat_get(chat_id)
        if made.owner.lower() != owner.lower():
            raise
        return made
    return Roster(owner=owner, members=members)


async def add(delivery: Delivery, ways: Ways) -> tuple[str, ...]:
    """Bring people in, and return whom WeCom left out; refused where nobody could be added."""
    users = delivery.to_userids
    if delivery.repeated:
        inside = await _inside(delivery.chat_id, ways)
        users = tuple(each for each in users if each.casefold() not in inside)
        if not users:
            return ()
    unfit = await ways.api.appchat_update(delivery.chat_id, add=users)
    if set(unfit) == set(users) and not await _are(users, delivery.chat_id, ways, inside=True):
        refuse(delivery, "nobody could be added")
    return unfit


async def remove(delivery: Delivery, ways: Ways) -> tuple[str, ...]:
    """Take people out, but nobody who would then be in none of the groups they move between.

    WeCom's own list is asked each time: between two attempts people come and go by themselves.
    """
    users, owner = delivery.to_userids, delivery.owner
    if delivery.repeated:
        inside = await _inside(delivery.chat_id, ways)
        users = tuple(each for each in users if each.casefold() in inside)
        if not users:
            return ()
    if delivery.beside:
        others = [await _inside(chat, ways) for chat in delivery.beside]
        if not all(any(each.casefold() in inside for inside in others) for each in users):
            refuse(delivery, NOT_BESIDE)
    unfit = await ways.api.appchat_update(delivery.chat_id, remove=users, owner=owner)
    if unfit and not await _are(unfit, delivery.chat_id, ways, inside=False):
        refuse(delivery, "somebody could not be removed")
    return unfit


async def _are(users: tuple[str, ...], chat: str, ways: Ways, *, inside: bool) -> bool:
    """Tell whether unfit ids are where they were meant to be: WeCom gives no reason."""
    found = await _inside(chat, ways)
    return all((each.casefold() in found) == inside for each in users)


async def _inside(chat: str, ways: Ways) -> frozenset[str]:
    roster = await ways.api.appchat_get(chat)
    return frozenset(each.casefold() for each in roster.members)


async def roster(delivery: Delivery, ways: Ways) -> Roster:
    """Return who is in the group now, and whose it is."""
    return await ways.api.appchat_get(delivery.chat_id)


async def customers(delivery: Delivery, ways: Ways) -> Roster:
    """Return who is in the customer group now, and how they came."""
    return await ways.api.customer_group(delivery.chat_id)
