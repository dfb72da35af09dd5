from typing import Any

import pytest

from bot.channels.sandbox import direct
from bot.channels.sandbox.corp import Corp
from tests.unit.bot.sandbox.corps import (
    DAY,
    HOUR,
    MINUTE,
    Clock,
    a_corp,
    kinds,
    refusal,
    text,
    told,
)


def _to(corp: Corp, touser: str, content: str = "hello", **fields: Any) -> dict[str, Any]:
    return text(content, touser=touser, agentid=corp.identity.agent_id, **fields)


def test_a_private_message_reaches_each_of_its_recipients():
    corp = a_corp()

    answer = direct.send(corp, _to(corp, "zhang.san|li.si"))

    assert set(answer) == {"msgid"}
    assert told(corp, "dm")[0]["to"] == ["zhang.san", "Li.Si"]
    assert told(corp, "dm")[0]["channel"] == "app"


def test_partly_reachable_is_no_error_and_names_the_rest_in_lower_case():
    corp = a_corp()
    corp.add_person("Hidden", in_scope=False)

    answer = direct.send(corp, _to(corp, "zhang.san|Hidden|NoBody", toparty="3|4"))

    assert answer["invaliduser"] == "hidden|nobody"
    assert answer["invalidparty"] == "3|4"
    assert told(corp, "dm")[0]["to"] == ["zhang.san"]


def test_all_means_everybody_in_scope():
    corp = a_corp()
    corp.add_person("hidden", in_scope=False)

    direct.send(corp, _to(corp, "@all"))

    assert told(corp, "dm")[0]["to"] == ["zhang.san", "Li.Si", "wang.wu", "zhao.liu"]


@pytest.mark.parametrize(
    ("fields", "errcode"),
    [
        pytest.param({"touser": "nobody"}, 81013, id="nobody reachable"),
        pytest.param({"touser": "", "toparty": "3"}, 81013, id="only a department"),
        pytest.param({"touser": ""}, 82001, id="no recipient"),
        pytest.param({"touser": "|".join(["u"] * 1001)}, 82002, id="1001 recipients"),
        pytest.param({"agentid": 1}, 40056, id="another agent"),
        pytest.param({"text": {"content": ""}}, 44004, id="empty"),
        pytest.param({"text": {"content": "a" * 2049}}, 45002, id="too long"),
        pytest.param({"duplicate_check_interval": "x"}, 40058, id="bad interval"),
    ],
)
def test_messages_that_are_refused_reach_nobody(fields: dict[str, Any], errcode: int):
    corp = a_corp()

    assert refusal(direct.send, corp, _to(corp, "zhang.san") | fields) == errcode
    assert kinds(corp) == []


@pytest.mark.parametrize(
    ("burst", "every", "quiet"),
    [pytest.param(30, 0, MINUTE, id="minute"), pytest.param(1000, 3_000, HOUR, id="hour")],
)
def test_above_the_members_limit_a_message_is_dropped_without_an_error(
    burst: int, every: int, quiet: int
):
    clock = Clock()
    corp = a_corp(clock)
    for n in range(burst):
        direct.send(corp, _to(corp, "zhang.san", str(n)))
        clock.pass_ms(every)
    assert kinds(corp) == ["dm"] * burst

    answer = direct.send(corp, _to(corp, "zhang.san|li.si", "one more"))

    assert set(answer) == {"msgid"}
    assert kinds(corp)[burst:] == ["dm", "dropped"]
    assert told(corp, "dropped")[0]["to"] == ["zhang.san"]
    clock.pass_ms(quiet)
    direct.send(corp, _to(corp, "zhang.san", "seen again"))
    assert told(corp, "dm")[-1]["text"] == "seen again"


def test_a_repeat_under_the_duplicate_check_is_swallowed_for_those_who_got_it():
    corp = a_corp()
    direct.send(corp, _to(corp, "zhang.san"))

    direct.send(corp, _to(corp, "zhang.san|li.si", enable_duplicate_check=1))

    assert kinds(corp) == ["dm", "dm", "swallowed"]
    assert told(corp, "dm")[1]["to"] == ["Li.Si"]
    assert told(corp, "swallowed")[0]["to"] == ["zhang.san"]


def test_without_the_check_or_with_another_text_nothing_is_swallowed():
    corp = a_corp()
    direct.send(corp, _to(corp, "zhang.san", enable_duplicate_check=1))

    direct.send(corp, _to(corp, "zhang.san"))
    direct.send(corp, _to(corp, "zhang.san", "other", enable_duplicate_check=1))

    assert kinds(corp) == ["dm", "dm", "dm"]


@pytest.mark.parametrize(
    ("interval", "passed", "kind"),
    [
        pytest.param({}, 1_799_999, "swallowed", id="default, within"),
        pytest.param({}, 1_800_000, "dm", id="default, after"),
        pytest.param({"duplicate_check_interval": 99_999}, 4 * HOUR - 1, "swallowed", id="most"),
        pytest.param({"duplicate_check_interval": 99_999}, 4 * HOUR, "dm", id="at most 4 h"),
    ],
)
def test_how_long_the_duplicate_check_looks_back(interval: dict[str, Any], passed: int, kind: str):
    clock = Clock()
    corp = a_corp(clock)
    direct.send(corp, _to(corp, "zhang.san"))
    clock.pass_ms(passed)

    direct.send(corp, _to(corp, "zhang.san", enable_duplicate_check=1, **interval))

    assert kinds(corp)[-1] == kind


def test_a_message_can_be_recalled_once_within_a_day():
    clock = Clock()
    corp = a_corp(clock)
    msgid = direct.send(corp, _to(corp, "zhang.san"))["msgid"]
    clock.pass_ms(DAY)

    direct.recall(corp, {"msgid": msgid})

    assert told(corp, "recalled")[0]["to"] == ["zhang.san"]
    assert refusal(direct.recall, corp, {"msgid": msgid}) == 40058


@pytest.mark.parametrize("which", ["late", "unknown"])
def test_what_cannot_be_recalled(which: str):
    clock = Clock()
    corp = a_corp(clock)
    msgid = direct.send(corp, _to(corp, "zhang.san"))["msgid"]
    clock.pass_ms(DAY + 1)

    assert refusal(direct.recall, corp, {"msgid": msgid if which == "late" else which}) == 40058
