"""Private messages of the self-built app: `message/send` and `message/recall`."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.channels.sandbox import cards, content, limits
from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.model import Refused

# wecom-protocol.md 2.4.
MOST_USERS = 1000
DUPLICATE_DEFAULT_S = 1800
DUPLICATE_MOST_S = 4 * 3600

Body = Mapping[str, Any]


def send(corp: Corp, body: Body) -> dict[str, Any]:
    """`message/send`: tells who cannot be reached, but not who was over the limit (dropped)."""
    if str(body.get("agentid")) != str(corp.identity.agent_id):
        raise Refused(40056)
    message = content.read(corp, body, content.MESSAGE)
    users = _split(body.get("touser"))
    reached, unknown = _recipients(corp, users)
    outside = {key: _split(body.get(field)) for key, field in _OUTSIDE.items()}
    if not users and not any(outside.values()):
        raise Refused(82001)
    if not reached:
        raise Refused(81013)

    msgid = secrets.token_urlsafe(24)
    repeat = _Repeat.of(body)
    if not repeat.checked:
        corp.cards.check(message.face)
    shown = _deliver(corp, message, reached, repeat)
    corp.sent[msgid] = (corp.now(), shown)
    # The ids come back lower-cased and joined by a bar, here as in WeCom.
    told = {"invaliduser": [u.lower() for u in unknown], **outside}
    listed = {key: "|".join(ids) for key, ids in told.items() if ids}
    code = {}
    if message.face is not None:
        code = {"response_code": corp.cards.code(message.face.task_id, corp.now())}
    return listed | code | {"msgid": msgid}


def update_card(corp: Corp, body: Body) -> dict[str, Any]:
    """`message/update_template_card`: by a response_code, once and within 72 hours."""
    if str(body.get("agentid")) != str(corp.identity.agent_id):
        raise Refused(40056)
    button, part = body.get("button"), body.get("template_card")
    name = button.get("replace_name") if isinstance(button, dict) else ""
    if not name and not isinstance(part, dict):
        raise Refused(40063, "button")
    card = corp.cards.spend(str(body.get("response_code")), corp.now())
    face = cards.read(part) if isinstance(part, dict) else cards.Face(text=str(name))
    asked = card.to if body.get("atall") == 1 else content.strings(body.get("userids"))
    seen = [userid for userid in asked if userid in card.to]
    show_change(corp, card, replace(face, task_id=card.face.task_id), seen)
    missed = [userid for userid in asked if userid not in card.to]
    return {"invaliduser": missed} if missed else {}


def show_change(corp: Corp, card: cards.Card, face: cards.Face, to: Sequence[str]) -> None:
    """Let a card look otherwise to some people from now on."""
    card.changed |= dict.fromkeys(to, face)
    told: dict[str, Any] = {"to": to, "text": face.text, "card": face.shown}
    corp.tell("card", card.chatid, sender="bot", channel=card.sender, **told)


def recall(corp: Corp, body: Body) -> dict[str, Any]:
    """`message/recall`: within 24 hours, and only what message/send sent."""
    at, shown = corp.sent.get(str(body.get("msgid")), (0, ()))
    if not at or corp.now() - at > limits.DAY:
        raise Refused(40058, "msgid")
    del corp.sent[str(body.get("msgid"))]
    corp.tell("recalled", sender="bot", to=shown, channel="app")
    return {}


_OUTSIDE: Mapping[str, str] = {"invalidparty": "toparty", "invalidtag": "totag"}


class _Repeat:
    """Whether this content reached this member lately."""

    def __init__(self, fingerprint: str, interval_s: int, *, checked: bool) -> None:
        self.fingerprint = fingerprint
        self.interval_ms = min(interval_s, DUPLICATE_MOST_S) * 1000
        self.checked = checked

    @classmethod
    def of(cls, body: Body) -> "_Repeat":
        msgtype = str(body["msgtype"])
        fingerprint = json.dumps([msgtype, body.get(msgtype)], sort_keys=True)
        interval = body.get("duplicate_check_interval", DUPLICATE_DEFAULT_S)
        if not isinstance(interval, int) or interval < 0:
            raise Refused(40058, "duplicate_check_interval")
        return cls(fingerprint, interval, checked=body.get("enable_duplicate_check") == 1)

    def swallows(self, corp: Corp, userid: str) -> bool:
        """Every send is remembered, so that a repeat with the check on meets a first without."""
        key = (userid, self.fingerprint)
        last = corp.last_sent.get(key)
        repeated = self.checked and last is not None and corp.now() - last < self.interval_ms
        if not repeated:
            corp.last_sent[key] = corp.now()
        return repeated


def _deliver(
    corp: Corp, message: content.Content, reached: tuple[str, ...], repeat: _Repeat
) -> tuple[str, ...]:
    kinds: dict[str, list[str]] = {"dm": [], "swallowed": [], "dropped": []}
    for userid in reached:
        kinds[_fate(corp, userid, repeat)].append(userid)
    for kind, to in kinds.items():
        if to and kind == "dm":
            corp.cards.keep(message.face, sender="app", chatid="", to=to)
        if to:
            corp.tell(kind, sender="bot", to=to, channel="app", **message.shown)
    return tuple(kinds["dm"])


def _fate(corp: Corp, userid: str, repeat: _Repeat) -> str:
    if repeat.swallows(corp, userid):
        return "swallowed"
    fits = corp.windows.take(("message/send", userid), limits.MESSAGE_PER_MEMBER)
    return "dm" if fits else "dropped"


def _split(value: object) -> list[str]:
    return [part for part in str(value or "").split("|") if part]


def _recipients(corp: Corp, users: list[str]) -> tuple[tuple[str, ...], list[str]]:
    if len(users) > MOST_USERS:
        raise Refused(82002)
    if users == ["@all"]:
        return tuple(p.userid for p in corp.people.values() if p.in_scope), []
    found = {userid: corp.person(userid) for userid in users}
    reached = dict.fromkeys(p.userid for p in found.values() if p and p.in_scope)
    return tuple(reached), [u for u, p in found.items() if not (p and p.in_scope)]
