"""Child processes that let the bot go first."""

import os

import pytest

from bot.modest import step_back


def forbidden(_by: int) -> int:
    raise PermissionError


def test_where_a_priority_may_not_be_lowered_the_work_is_done_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "nice", forbidden)
    step_back(5)
    monkeypatch.delattr(os, "nice")
    step_back(5)
