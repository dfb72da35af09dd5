"""Sending one delivery by the right call: the table (channel, do) -> function.

It neither paces nor repeats nor chooses a channel; it says what became of one attempt.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from bot.channels.wecom import cards, errors, membership
from bot.channels.wecom.api import Sent
from bot.channels.wecom.attempts import Delivery, Result, Ways, refuse
from bot.channels.wecom.messages import composed, messages
from bot.channels.wecom.raw_json import Json
from bot.channels.wecom.rosters import Roster
from sop.times.durations import DAY_MS

# Their effect is the same however often they are made, so a lost answer is simply asked again.
_REPEATABLE = frozenset({"appchat/create", "appchat/update"})
_AND_THRICE_MORE = 4
_SINGLE, _GROUP = 1, 2
_DOUBT_S = 60

_log = logging.getLogger(__name__)


async def deliver(delivery: Delivery, ways: Ways) -> Result:
    """Make one attempt; every failure of WeCom or of the network is in the result."""
    act = TABLE.get((delivery.channel, delivery.do))
    if act is None:
        return Result(status="failed", error=f"{delivery.channel} cannot {delivery.do}")
    try:
        return Result(status="sent", answer=await act(delivery, ways))
    except errors.Retryable as error:
        full = error.fate is errors.Fate.WAIT_WINDOW
        pause = errors.window_ms(delivery.waited) if full else error.wait_ms
        most = _AND_THRICE_MORE if error.fate is errors.Fate.RETRY_THRICE else 0
        return Result(status="wait", error=str(error), wait_ms=pause, most=most)
    except errors.Unknown as error:
        return Result(status="wait" if error.api in _REPEATABLE else "unknown", error=str(error))
    except errors.WeComError as error:
        alarm = error.fate is errors.Fate.ALARM_CONFIG
        return Result(status="failed", error=str(error), alarm=alarm)


Send = Callable[[Json], Awaitable[object]]
Way = Callable[[Delivery, Ways], Send]


async def _post(way: Way, delivery: Delivery, ways: Ways) -> object:
    """Send what the delivery says; a card that is refused takes no word with it."""
    send = way(delivery, ways)
    if not cards.able(delivery) or (delivery.channel == "app" and not ways.app_hears):
        return await _said(send, delivery, ways)
    if delivery.apart or cards.holds_all(delivery):
        try:
            return await send(cards.message(delivery))
        except errors.Permanent as refused:
            if delivery.apart:
                raise
            _log.warning("a card was refused: %s", refused)
            return await _said(send, delivery, ways)
    answer = await _said(send, delivery, ways)
    if delivery.channel == "aibot":  # its response_url works once
        return answer
    return await _beside(send, delivery) or answer


async def _beside(send: Send, delivery: Delivery) -> object:
    """Send the card after its words, once: they name the commands, so nobody need miss it."""
    try:
        return await send(cards.message(delivery))
    except errors.WeComError as error:
        _log.warning("a card did not arrive: %s", error)
        return None


async def _said(send: Send, delivery: Delivery, ways: Ways) -> object:
    """Send every message, in order; uploads come first, so that a failing one leaves no half."""
    ready = await composed(delivery, ways)
    if not ready:
        refuse(delivery, "nothing to send")
    answer = None
    for done, message in enumerate(ready):
        try:
            answer = await send(message)
        except errors.Retryable as error:
            if not done:
                raise
            # A repeat would show the first messages twice.
            text = f"only {done} of {len(ready)} messages went out: {error}"
            raise errors.Unknown(error.api, text, errcode=error.errcode) from error
    return answer


def _to_people(delivery: Delivery, ways: Ways) -> Send:
    within = _first_attempt_s(delivery, ways) if delivery.duplicate_check else 0
    write = partial(ways.api.message_send, ways.agent_id, delivery.to_userids, duplicate_s=within)

    async def send(message: Json) -> Sent:
        sent = await write(message)
        if len(sent.unreachable) == len(delivery.to_userids):
            refuse(delivery, "WeCom took it and reaches nobody")
        if sent.unreachable:
            _log.warning("a private message does not reach %s", ", ".join(sent.unreachable))
        return sent

    return send


def _first_attempt_s(delivery: Delivery, ways: Ways) -> int:
    """Return how long ago the first attempt may lie, in seconds: what was sent before is another.

    The same words may have been said then; they would have this message taken for a repeat.
    """
    return max(0, ways.now() - delivery.heard_at) // 1_000 + _DOUBT_S


def _to_robot(delivery: Delivery, ways: Ways) -> Send:
    address, users = delivery.route.webhook_url, delivery.to_userids
    if not address or not delivery.chat_id:
        refuse(delivery, "without its chatid a robot would speak in every group it is in")
    where = {"chatid": delivery.chat_id} | ({"visible_to_user": "|".join(users)} if users else {})
    return lambda message: ways.api.webhook_send(address, {**message, **where})


def _to_conversation(delivery: Delivery, ways: Ways) -> Send:
    group = delivery.chat_id if delivery.do != "dm" else ""
    if not ways.link or not (group or len(delivery.to_userids) == 1):
        refuse(delivery, "no link, or not one conversation")
    if group:
        return partial(ways.link.send, group, _GROUP)
    return partial(ways.link.send, delivery.to_userids[0], _SINGLE)


def _to_request(delivery: Delivery, ways: Ways) -> Send:
    """Answer by req_id while it lives; else, or if its stream is over, speak by ourselves."""
    link, req_id, heard = ways.link, delivery.route.req_id, delivery.heard_at
    if not link or not req_id or (heard and ways.now() - heard >= DAY_MS):
        return _to_conversation(delivery, ways)

    async def answer(message: Json) -> object:
        try:
            return await link.respond(req_id, message)
        except errors.Permanent as refused:
            if refused.fate is not errors.Fate.SEND_NEW:
                raise
        return await _to_conversation(delivery, ways)(message)

    return answer


def _to_appchat(delivery: Delivery, ways: Ways) -> Send:
    return partial(ways.api.appchat_send, delivery.chat_id)


async def _settle(delivery: Delivery, ways: Ways) -> None:
    """Close a card for all who see it."""
    if not delivery.code or not delivery.to_userids:
        refuse(delivery, "no card that could be changed")
    done = {"button": {"replace_name": delivery.text}}
    await ways.api.message_update_card(
        ways.agent_id, delivery.code, delivery.to_userids, done
    )  # fmt: skip


async def _create(delivery: Delivery, ways: Ways) -> Roster:
    """Make the group and post at once: until its first message no client shows it."""
    made = await membership.create(delivery, ways)
    if messages(delivery):
        await _post(_to_appchat, delivery, ways)
    return made


_POSTS: Mapping[tuple[str, str], Way] = {
    ("appchat", "post"): _to_appchat,
    ("appchat", "reply"): _to_appchat,
    ("app", "dm"): _to_people,
    ("app", "reply"): _to_people,
    ("webhook", "post"): lambda what, ways: partial(ways.api.webhook_send, what.chat_id),
    ("webhook", "reply"): lambda what, ways: partial(ways.api.webhook_send, what.chat_id),
    ("robot", "post"): _to_robot,
    ("robot", "reply"): _to_robot,
    ("aibot", "reply"): lambda what, ways: partial(ways.api.respond, what.route.response_url),
    ("link", "post"): _to_conversation,
    ("link", "dm"): _to_conversation,
    ("link", "reply"): _to_request,
}
TABLE: Mapping[tuple[str, str], Callable[[Delivery, Ways], Awaitable[object]]] = {
    ("appchat", "create"): _create,
    ("appchat", "add"): membership.add,
    ("appchat", "remove"): membership.remove,
    ("appchat", "fetch_roster"): membership.roster,
    ("customer", "fetch_roster"): membership.customers,
    ("app", "settle"): _settle,
    **{key: partial(_post, way) for key, way in _POSTS.items()},
}
