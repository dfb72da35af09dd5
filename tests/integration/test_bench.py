"""The benchmark's pieces in small: they measure what they say, and would notice a failure."""

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest
import typer

from bot.bench import clockwork, crash, growth, load, measure, rehearsed, throughput, traffic
from bot.bench.load import Answered, Run
from bot.library.bound_groups import Abilities
from bot.library.library import Library
from sop.text import normalise


def test_the_pack_under_load_is_right_and_its_words_are_in_no_message(tmp_path: Path) -> None:
    traffic.settle(tmp_path, words=50)
    library = Library(tmp_path / "sop", Abilities(bot_name=traffic.BOT_NAME))
    talk = traffic.Talk(seed=9)

    assert library.reload(), library.problems

    rules = library.shelf.books[traffic.COMMUNITY].pack.rules.checks
    forbidden = next(check for check in rules if check.detect == "words").params["any"]
    said = [normalise(talk.words()) for _ in range(200)]
    assert not [word for word in forbidden for words in said if word in words]
    assert len(set(said)) == 200


def test_equal_seeds_say_the_same_and_every_member_has_a_turn() -> None:
    one, other = traffic.Talk(seed=1), traffic.Talk(seed=1)

    assert [one.words() for _ in range(5)] == [other.words() for _ in range(5)]
    assert {one.sender() for _ in range(traffic.MEMBERS)} == set(range(traffic.MEMBERS))


def test_messages_are_processed_beside_a_bare_server_and_counted(tmp_path: Path) -> None:
    scale = throughput.Scale(warm=40, rounds=2, count=120, words=20)

    figure = asyncio.run(throughput.measure(tmp_path, scale))

    assert list(figure)[:2] == ["figure", "ratio"]
    assert figure["requests"] == figure["stored_once"] == 280
    assert figure["wrong_answers"] == 0
    assert 0 < figure["ratio"] < 10


def test_a_killed_server_has_lost_nothing_it_acknowledged(tmp_path: Path) -> None:
    figure = asyncio.run(crash.measure(tmp_path, crash.Scale(rounds=1, count=3_000, words=20)))

    assert figure["met"], figure
    assert figure["acknowledged"] > 0


def test_a_message_that_is_missing_or_there_twice_is_noticed(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.execute("CREATE TABLE message (message_id TEXT, person INTEGER)")
        connection.executemany(
            "INSERT INTO message VALUES (?, ?)", [("once", 1), ("twice", 1), ("twice", 2)]
        )
    connection.close()

    assert throughput.stored_once(tmp_path / "x.db", ["once", "twice", "never"]) == 1


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"HTTP/1.1 503 Service Unavailable\r\n\r\n", id="refused"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", id="no reply"),
        pytest.param(b'HTTP/1.1 200 OK\r\n\r\n{"encrypt":"x"}', id="half an envelope"),
    ],
)
def test_a_wrong_answer_is_counted(raw: bytes) -> None:
    request = traffic.requests(traffic.Talk(seed=1), 1, 1_795_000_000)[0]
    run = Run(answered=[Answered(request, raw, 0.01)], unanswered=[request], unsent=[request])

    assert load.wrong(run) == 3


def test_every_group_posts_at_eight_and_a_look_is_timed(tmp_path: Path) -> None:
    figure = asyncio.run(clockwork.measure(tmp_path, clockwork.Scale(groups=12, ahead=50)))

    assert figure["posts"] == 12
    assert figure["idle_look_ms"] > 0


def test_a_rehearsal_is_the_same_twice(tmp_path: Path) -> None:
    scale = rehearsed.Scale(days=3, members=12, messages=40)

    figure = asyncio.run(rehearsed.measure(tmp_path, scale))

    assert figure["byte_identical"]
    assert figure["lines"] > 40
    assert figure["invented_messages"] > 40
    assert list(rehearsed.script(scale)) == list(rehearsed.script(scale))


def test_growth_compares_a_short_past_with_a_long_one(tmp_path: Path) -> None:
    scale = growth.Scale(messages=400, members=400, rounds=1, batches=2, words=20)

    figure = asyncio.run(growth.measure(tmp_path, scale))

    assert figure["ratio"] > 0
    assert figure["strikes"] == 0


def test_an_unknown_figure_is_refused_with_the_known_ones() -> None:
    with pytest.raises(typer.BadParameter, match="throughput, crash"):
        next(measure("speed"))


def test_requests_are_json_envelopes_with_a_length() -> None:
    wire = traffic.requests(traffic.Talk(seed=1), 1, 1_795_000_000)[0].wire
    head, _, body = wire.partition(b"\r\n\r\n")

    assert f"Content-Length: {len(body)}".encode() in head
    assert set(json.loads(body)) == {"encrypt"}
