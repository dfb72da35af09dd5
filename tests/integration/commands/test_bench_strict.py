"""`qunyun bench`: every figure is told; with `--strict` a missed target is a failure."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot import bench
from bot.bench.children import ChildError
from tests.integration.commands.running import qunyun


async def reached(_folder: Path) -> dict[str, Any]:
    return {"figure": "reached", "met": True}


async def missed(_folder: Path) -> dict[str, Any]:
    return {"figure": "missed", "met": False}


async def broken(_folder: Path) -> dict[str, Any]:
    raise ChildError("it does not start")


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        ((), 0, [True, False, False]),
        (("--strict",), 1, [True, False, False]),
        (("--strict", "--only", "reached"), 0, [True]),
        (("--strict", "--only", "broken"), 1, [False]),
    ],
    ids=["told", "strict", "strict, reached", "strict, broken"],
)
def test_a_missed_target_fails_where_it_is_asked_to(
    options: tuple[str, ...], code: int, told: list[bool], monkeypatch: pytest.MonkeyPatch
):
    figures = {"reached": reached, "missed": missed, "broken": broken}
    monkeypatch.setattr(bench, "FIGURES", figures)

    said = qunyun("bench", "--json", *options)

    assert (said.code, said.err) == (code, "")
    assert [json.loads(line)["met"] for line in said.lines] == told
