"""Calls to WeCom's server API: one thin method per call, one shared access token.

It decides nothing: a refusal becomes one of `errors`; pauses and repeats are the caller's.
Tokens, keys and secrets stay out of every exception.
"""

import asyncio
import contextlib
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp
from yarl import URL

from bot.channels.wecom import errors, rosters
from bot.channels.wecom.raw_json import Json, encoded
from bot.channels.wecom.rosters import Roster

_MAX_ANSWER = 1 << 20  # bytes; the largest honest answer lists 2,000 ids of 64
_RENEW_MS = 300_000  # before a token's end, so that no call meets the end half way
# About 2,000 failing gettoken calls an hour block the corp: pause this long after a refusal.
_REFUSED_MS = 60_000
_DUPLICATE_S = 60, 14_400  # below a minute it is none, and 4 hours is the most WeCom offers
_MAX_IDS = 1_000  # in one message/send or batch/openuserid_to_userid
_NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
# Making these calls twice changes nothing: a lost answer of theirs is no unknown outcome.
_HARMLESS = {
    *("gettoken", "appchat/get", "externalcontact/groupchat/get", "user/get"),
    *("batch/openuserid_to_userid", "media/upload"),
}
# The query values an error may show; all others are masked.
_SHOWN = {"corpid", "chatid", "userid", "type"}

Body = Json | Callable[[], aiohttp.FormData] | None
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An access token and the instant (ms UTC) it ends."""

    value: str = field(repr=False)
    expires_at: int


class TokenStore(Protocol):
    """Where the processes of a deployment share tokens; in production a database row each."""

    async def get(self, name: str) -> Token | None:
        """Return what was last put under `name`, ended or not."""

    async def put(self, name: str, token: Token) -> None:
        """Keep `token` for every process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """WeCom took the message; it reached none of `unreachable` (ids as we gave them).

    `code` is what lets a card change, once.
    """

    unreachable: tuple[str, ...] = ()
    code: str = ""


class WeComApi:
    """The calls of one self-built app, and those that need no token.

    Every call raises `Retryable`, `Permanent` or `Unknown` of `errors`. `base_url` is an origin;
    no request goes to another. `now` gives ms UTC. One instance per app and process: it holds
    the lock that makes token renewal single flight.
    """

    # Connecting has a shorter limit, so that a timeout of the whole is always after sending.
    timeout = aiohttp.ClientTimeout(total=10, connect=5)

    def __init__(
        self, session: aiohttp.ClientSession, base_url: str, corp_id: str, secret: str,
        tokens: TokenStore, now: Callable[[], int],
    ) -> None:  # fmt: skip
        self._session = session
        self._base = URL(base_url).origin()
        self._credentials = {"corpid": corp_id, "corpsecret": secret}
        self._tokens = tokens
        self._now = now
        # A token belongs to one secret: a changed secret must not find the old one's token.
        self._name = f"{corp_id}:{hashlib.sha256(secret.encode()).hexdigest()[:12]}"
        self._renewing = asyncio.Lock()
        self._refused: tuple[int, errors.Permanent] | None = None

    async def gettoken(self) -> Token:
        """Ask WeCom for a token, whatever the store holds."""
        asked = self._now()
        answer = await self._exchange("gettoken", self._url("gettoken", self._credentials))
        value, life = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(value, str) or not value or not isinstance(life, int):
            raise errors.Retryable("gettoken", "the answer holds no token")
        return Token(value=value, expires_at=asked + life * 1000)

    async def appchat_create(
        self, chatid: str, name: str, owner: str, members: Sequence[str]
    ) -> None:
        """Make the group `chatid` (ours to choose: a repeat is refused with 86215)."""
        body = {"chatid": chatid, "name": name, "owner": owner, "userlist": list(members)}
        await self._authorised("appchat/create", body=body)

    async def appchat_update(
        self, chatid: str, *, add: Sequence[str] = (), remove: Sequence[str] = (), owner: str = ""
    ) -> tuple[str, ...]:
        """Add and remove members; where the owner is removed WeCom wants a new `owner`.

        Returns the ids left out: unfit, or already where they belong. For one such id WeCom
        refuses the whole list and does not name it (86216), so the list is halved until it is
        found, and all others are changed.
        """
        changes = [("add_user_list", user) for user in add]
        changes += [("del_user_list", user) for user in remove]
        fixed = {"chatid": chatid} | ({"owner": owner} if owner else {})
        return await self._change(fixed, changes)

    async def _change(
        self, fixed: Mapping[str, str], changes: Sequence[tuple[str, str]]
    ) -> tuple[str, ...]:
        body: dict[str, Any] = dict(fixed)
        for key, user in changes:
            body[key] = [*body.get(key, ()), user]
        try:
            await self._authorised("appchat/update", body=body)
        except errors.Permanent as refused:
            if refused.fate is not errors.Fate.DROP_MEMBER or not changes:
                raise
        else:
            return ()
        if len(changes) == 1:
            # A new owner must not be lost with the unfit id.
            return (changes[0][1], *(await self._change(fixed, ()) if "owner" in fixed else ()))
        half = len(changes) // 2
        return await self._change(fixed, changes[:half]) + await self._change(
            fixed, changes[half:]
        )

    async def appchat_get(self, chatid: str) -> Roster:
        """Return who is in a group of this app; the only way to learn it."""
        answer = await self._authorised("appchat/get", query={"chatid": chatid})
        return rosters.of_appchat(answer)

    async def customer_group(self, chat_id: str) -> Roster:
        """Return who is in a customer group, how they are called there and how they came."""
        body = {"chat_id": chat_id, "need_name": 1}
        answer = await self._authorised("externalcontact/groupchat/get", body=body)
        return rosters.of_customer_group(answer)

    async def appchat_send(self, chatid: str, message: Json) -> None:
        """Post into a group of this app. No idempotency: a repeat shows twice."""
        await self._authorised("appchat/send", body={"chatid": chatid, "safe": 0, **message})

    async def message_send(
        self, agent_id: int, users: Sequence[str], message: Json, *, duplicate_s: int = 0
    ) -> Sent:
        """Write to 1..1000 people privately, never to `@all`; above its rate WeCom drops silently.

        With `duplicate_s` WeCom swallows what it sent to them within that time, 4 hours at most.
        """
        several = "|" in "".join(users) or {"", "@all"} & set(map(str.lower, users))
        if several or not 0 < len(users) <= _MAX_IDS:
            raise errors.Permanent("message/send", "not a list of 1 to 1000 single userids")
        body: dict[str, object] = {"touser": "|".join(users), "agentid": agent_id, **message}
        if duplicate_s:
            least, most = _DUPLICATE_S
            interval = min(max(duplicate_s, least), most)
            body |= {"enable_duplicate_check": 1, "duplicate_check_interval": interval}
        answer = await self._authorised("message/send", body=body)
        missed = f"{answer.get('invaliduser') or ''}|{answer.get('unlicenseduser') or ''}"
        gone = set(missed.lower().split("|"))  # WeCom lower-cases what it gives back
        return Sent(
            unreachable=tuple(user for user in users if user.lower() in gone),
            code=str(answer.get("response_code") or ""),
        )

    async def message_update_card(
        self, agent_id: int, response_code: str, users: Sequence[str], change: Json
    ) -> None:
        """Let a card change for some, to a `template_card` or a `button`; a code is good once."""
        body = {"userids": [*users], "agentid": agent_id, "response_code": response_code}
        await self._authorised("message/update_template_card", body={**body, **change})

    async def user_get(self, userid: str) -> Answer:
        """Return a member's record; only `userid` and `name` are always in it."""
        return await self._authorised("user/get", query={"userid": userid})

    async def openuserids_to_userids(self, open_ids: Sequence[str]) -> dict[str, str]:
        """Return the userids behind the AI bot's ids; plain and foreign ids are left out."""
        found: dict[str, str] = {}
        for start in range(0, len(open_ids), _MAX_IDS):
            body = {"open_userid_list": list(open_ids[start : start + _MAX_IDS])}
            answer = await self._authorised("batch/openuserid_to_userid", body=body)
            for row in answer.get("userid_list") or ():
                found[str(row["open_userid"])] = str(row["userid"])
        return found

    async def media_upload(self, kind: str, name: str, data: bytes) -> str:
        """Put a file (`kind` image, voice, video or file) up for 3 days; return its media id."""

        def form() -> aiohttp.FormData:  # good for one request, and there may be two
            made = aiohttp.FormData(quote_fields=False)
            made.add_field("media", data, filename=name)
            return made

        answer = await self._authorised("media/upload", query={"type": kind}, body=form)
        return str(answer.get("media_id", ""))

    async def webhook_send(self, key: str, message: Json) -> None:
        """Post as the group robot that has this key, or this whole URL."""
        api = "webhook/send"
        url = self._own(api, key) if "://" in key else self._url(api, {"key": key})
        await self._exchange(api, url, message)

    async def respond(self, response_url: str, body: Json) -> None:
        """Answer an AI-bot message later: within the hour, once."""
        await self._exchange("aibot/response", self._own("aibot/response", response_url), body)

    async def _authorised(
        self, api: str, *, query: Mapping[str, str] | None = None, body: Body = None
    ) -> Answer:
        token = await self._token()
        try:
            return await self._exchange(api, self._url(api, query, token), body)
        except errors.Permanent as refused:
            if refused.fate is not errors.Fate.REFRESH_TOKEN:
                raise
        token = await self._token(refused=token)
        return await self._exchange(api, self._url(api, query, token), body)

    async def _token(self, refused: str = "") -> str:
        async with self._renewing:
            token = await self._tokens.get(self._name)
            # Another task or process may have renewed it while we waited for the lock.
            if token and token.value != refused and token.expires_at - self._now() > _RENEW_MS:
                return token.value
            token = await self._renewed()
            await self._tokens.put(self._name, token)
            return token.value

    async def _renewed(self) -> Token:
        if self._refused and 0 <= self._now() - self._refused[0] < _REFUSED_MS:
            raise self._refused[1].with_traceback(None)
        try:
            return await self.gettoken()
        except errors.Permanent as refused:
            self._refused = (self._now(), refused)
            raise

    def _url(self, api: str, query: Mapping[str, str] | None = None, token: str = "") -> URL:
        secret = {"access_token": token} if token else {}
        return (self._base / "cgi-bin" / api).with_query(secret | dict(query or {}))

    def _own(self, api: str, address: str) -> URL:
        """Refuse another origin: callbacks bring addresses, and nobody may send us about."""
        with contextlib.suppress(ValueError):
            url = URL(address)
            if str(url.origin()) == str(self._base) and url.raw_user is url.raw_password is None:
                return url
        raise errors.Permanent(api, "the address is not at WeCom's origin")

    async def _exchange(self, api: str, url: URL, body: Body = None) -> Answer:
        lost = errors.Retryable if api in _HARMLESS else errors.Unknown
        failure: errors.WeComError
        try:
            status, raw = await self._request(url, body)
        except _NEVER_SENT as problem:
            failure = errors.Retryable(api, f"not connected ({type(problem).__name__})")
        except (aiohttp.ClientError, OSError) as problem:
            failure = lost(api, f"no answer after sending ({type(problem).__name__})")
        else:
            hidden = [value for name, value in url.query.items() if name not in _SHOWN]
            return errors.understood(api, status, raw, hidden, lost)
        # Raised out here, without context: the library's errors show the URL and its token.
        raise failure

    async def _request(self, url: URL, body: Body) -> tuple[int, bytes]:
        method = "GET" if body is None else "POST"
        data = body() if callable(body) else encoded(body) if body is not None else None
        headers = {"Accept-Encoding": "identity"}
        if isinstance(data, bytes):
            headers["Content-Type"] = "application/json; charset=utf-8"
        async with self._session.request(
            method, url, data=data, headers=headers, timeout=self.timeout, allow_redirects=False
        ) as answer:
            raw = bytearray()
            async for chunk in answer.content.iter_chunked(1 << 16):
                raw += chunk
                if len(raw) > _MAX_ANSWER:
                    raise aiohttp.ClientPayloadError("answer too large")
            return answer.status, bytes(raw)
