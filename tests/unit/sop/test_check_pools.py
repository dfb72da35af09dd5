"""What `check` says of steps that take from pools."""

import pytest

from sop.checks.loader import load_pack

HEAD = """pack: club
title: 书友会
timezone: Asia/Shanghai
library: {mixed: [{text: 诗一, tags: [诗歌]}, 无题], plain: [a]}
"""

TWICE = 'when: "08:00 daily", do: [{drop: {pool: mixed, prepare: {}}}, {drop: ASKED}]'.replace(
    "ASKED", "{pool: plain, prepare: {}}"
)


def told(step: str) -> list[str]:
    problems = load_pack(f"{HEAD}steps: [{{id: it, {step}}}]\n".encode(), "club.yaml")[1]
    return [f"{each.path} {each.message} {each.suggestion}" for each in problems]


@pytest.mark.parametrize(
    ("step", "found"),
    [
        ('when: "08:00 daily", do: [{drop: {pool: mixed, tag: 诗}}]', ".drop.tag no item"),
        ('when: "08:00 daily", do: [{drop: {pool: mixed, tag: 诗歌}}]', ""),
        ('when: "08:00 daily", do: [{drop: {pool: plain, tag: 诗歌, fallback: mixed}}]', ""),
        ("when: member.joined, do: [{drop: {pool: mixed, prepare: {}}}]", ".prepare nobody"),
        ("when: group.created, do: [{drop: {pool: mixed, prepare: {}}}]", ".prepare nobody"),
        ("when: 建群后3天 09:00, do: [{drop: {pool: mixed, prepare: {}}}]", ""),
        (TWICE, "do[1].drop.prepare one item"),
    ],
)
def test_what_cannot_come_about_is_told(step: str, found: str):
    lines = told(step)

    assert len(lines) == bool(found), lines
    assert all(found in line for line in lines)


def test_the_tag_that_was_meant_is_suggested():
    (line,) = told('when: "08:00 daily", do: [{drop: {pool: mixed, tag: 诗个}}]')

    assert line.endswith("诗歌")


@pytest.mark.parametrize(
    ("drop", "warned"),
    [
        ("{drop: {pool: news, fallback: plain}}", False),
        ("{drop: news}", True),
        ("{drop: {pool: news, fallback: plain}}, {drop: news}", True),
        ("{drop: {pool: plain, fallback: news}}", True),
    ],
)
def test_a_pool_with_a_fallback_may_be_empty(drop: str, *, warned: bool):
    source = f'{HEAD}steps: [{{id: it, when: "08:00 daily", do: [{drop}]}}]\n'
    source = source.replace("plain: [a]", "plain: [a], news: []")
    problems = load_pack(source.encode(), "club.yaml")[1]

    assert ["holds no items" in each.message for each in problems] == [True] * warned
