"""A corp to try things on, and a clock that moves only when told."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.model import Change, Chat, Refused

START = 1_790_000_000_000
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


class Clock:
    """Milliseconds that stand still until `pass_ms`."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> int:
        return self.at

    def pass_ms(self, ms: int) -> None:
        self.at += ms


def a_corp(clock: Callable[[], int] | None = None, *more: str) -> Corp:
    """zhang.san, Li.Si and wang.wu in the app-made group `core`; zhao.liu in none."""
    corp = Corp(clock or Clock())
    for userid in ("zhang.san", "Li.Si", "wang.wu", "zhao.liu", *more):
        corp.add_person(userid)
    corp.add_chat(a_chat("core", made_by_app=True))
    return corp


def a_chat(chatid: str, **fields: Any) -> Chat:
    basis = {"bot_chatid": "", "name": chatid, "owner": "zhang.san"}
    members = ("zhang.san", "Li.Si", "wang.wu")
    return Chat(**(basis | {"chatid": chatid, "userlist": members} | fields))


def kinds(corp: Corp) -> list[str]:
    return [change["kind"] for change in corp.transcript]


def told(corp: Corp, kind: str) -> list[Change]:
    return [change for change in corp.transcript if change["kind"] == kind]


def refusal(run: Callable[..., object], *args: object) -> int:
    with pytest.raises(Refused) as refused:
        run(*args)
    return refused.value.errcode


def text(content: str, **fields: Any) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": content}, **fields}
