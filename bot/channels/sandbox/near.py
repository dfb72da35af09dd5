"""The server's calls without a network: for what makes very many of them, or breaks them at will.

Limits, refusals and ordered failures are the sandbox's own; a dropped or hanging answer is one
that never comes.
"""

import json
from collections.abc import Callable
from typing import Any, Final

import aiohttp
from yarl import URL

from bot.channels.sandbox.api import APIS, Call, answer_of
from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.model import Refused
from bot.channels.wecom.api import Token, WeComApi

_BY_NAME: Final = {each.name: each for each in APIS}


class OneProcess:
    """Tokens of one process; satisfies `bot.channels.wecom.api.TokenStore`."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}

    async def get(self, name: str) -> Token | None:
        """Return the token."""
        return self._tokens.get(name)

    async def put(self, name: str, token: Token) -> None:
        """Keep the token."""
        self._tokens[name] = token


class NearWeCom(WeComApi):
    """The calls of the app of a sandbox corp; `called` is told each one's name and errcode."""

    def __init__(
        self, corp: Corp, called: Callable[[str, int], None] = lambda _name, _errcode: None
    ) -> None:
        who = corp.identity
        nobody: Any = None  # there is no connection
        super().__init__(
            nobody, "http://sandbox", who.corp_id, who.app_secret, OneProcess(), corp.now
        )
        self._corp = corp
        self._called = called

    async def _request(self, url: URL, body: Any = None) -> tuple[int, bytes]:
        name = url.path.removeprefix("/cgi-bin/")
        failure = self._corp.failures.next(name)
        if failure.status:
            return failure.status, b""
        try:
            call = Call(query=dict(url.query), body=body or {})
            answer = answer_of(self._corp, _BY_NAME[name], call, failure)
        except Refused as refused:
            answer = {"errcode": refused.errcode, "errmsg": str(refused)}
        self._called(name, answer["errcode"])
        if failure.drop or failure.hang_s:
            raise aiohttp.ServerDisconnectedError
        return 200, json.dumps(answer).encode()
