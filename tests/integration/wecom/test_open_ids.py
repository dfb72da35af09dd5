"""An AI bot's encrypted ids become user ids, each asked for once."""

import asyncio

import aiohttp

from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.server import running
from bot.channels.wecom.api import Token, WeComApi
from bot.channels.wecom.open_ids import OpenIds

NOW = 1_796_000_000_000
OPEN_ID = "wo" + "x" * 30


class Memory:
    """A token store for one test."""

    def __init__(self) -> None:
        self.tokens: dict[str, Token] = {}

    async def get(self, name: str) -> Token | None:
        return self.tokens.get(name)

    async def put(self, name: str, token: Token) -> None:
        self.tokens[name] = token


def resolved(*senders: str, broken: bool = False) -> list[str]:
    async def ask() -> list[str]:
        corp = Corp(lambda: NOW)
        corp.add_person("zhang.san", "张三")
        async with running(corp) as sandbox, aiohttp.ClientSession() as session:
            who = corp.identity
            secret = "wrong" if broken else who.app_secret
            api = WeComApi(session, sandbox.api_base, who.corp_id, secret, Memory(), corp.now)
            ids = OpenIds(api)
            return [await ids.resolve(sender) for sender in senders]

    return asyncio.run(ask())


def test_a_plain_id_is_never_asked_for():
    assert resolved("zhang.san", broken=True) == ["zhang.san"]


def test_an_id_without_a_member_behind_it_stays_as_it_came():
    assert resolved(OPEN_ID, OPEN_ID) == [OPEN_ID, OPEN_ID]


def test_an_id_that_cannot_be_asked_for_stays_as_it_came():
    assert resolved(OPEN_ID, broken=True) == [OPEN_ID]


def test_an_open_id_becomes_the_member_it_belongs_to():
    async def ask() -> str:
        corp = Corp(lambda: NOW)
        person = corp.add_person("zhang.san", "张三")
        async with running(corp) as sandbox, aiohttp.ClientSession() as session:
            who = corp.identity
            api = WeComApi(
                session, sandbox.api_base, who.corp_id, who.app_secret, Memory(), corp.now
            )
            return await OpenIds(api).resolve(person.open_userid)

    assert asyncio.run(ask()) == "zhang.san"
