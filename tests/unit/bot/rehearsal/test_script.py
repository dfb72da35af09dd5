"""A script says what is wrong with it by its line; whatever it names becomes an event."""

import json
from typing import Any

import pytest

from bot.rehearsal import script
from bot.rehearsal.cue_fields import NEEDED
from bot.rehearsal.doors import DOORS
from bot.rehearsal.script import Cue, ScriptError, event_of, read_script
from sop import events
from tests.builders import book

AT = "2026-12-01T07:50:00+08:00"
MS = 1_796_082_600_000

GOOD: dict[str, dict[str, Any]] = {
    "message": {"group": "g", "from": "li", "text": "早"},
    "group.created": {"group": "g", "owner": "boss", "members": ["li"], "staff": ["xiao"]},
    "group.adopted": {"group": "g", "by": "boss"},
    "member.joined": {"group": "g", "member": "li", "name": "李四", "by": "boss"},
    "member.left": {"group": "g", "member": "li"},
    "member.paid": {"member": "li", "value": True},
    "member.birthday": {"member": "li", "date": "03-12"},
    "role": {"group": "g", "member": "li", "role": "leader"},
    "like": {"group": "g", "member": "li", "of": "m1"},
    "accept": {"group": "g", "member": "li", "of": "m1"},
    "redeem": {"group": "g", "member": "li", "benefit": "书签"},
    "apply": {"group": "g", "member": "li"},
    "vote": {"group": "g", "member": "li", "choice": "2"},
    "share": {"group": "g", "member": "li", "text": "一本好书", "id": "s1"},
    "entry": {"group": "g", "member": "li", "collect": "stories", "text": "故事", "id": "e1"},
    "relay": {"group": "g", "by": "li", "text": "#接龙 1. 李四"},
    "approve": {"group": "g", "task": "latest", "by": "boss"},
    "reject": {"group": "g", "task": "3", "by": "boss"},
    "done": {"group": "g", "task": 3, "by": "boss"},
    "take": {"group": "g", "task": "3", "by": "boss"},
    "click": {
        "group": "g",
        "link": "spring-class",
        "from": "li",
        "platform": "wecom",
        "bot": True,
    },
    "orders": {"lines": ["订单号,买家", "A1,li"]},
    "press": {"from": "boss", "button": "同意"},
    "down": {"for": "2h"},
}
ELSEWHERE = ("down", *DOORS)
"""What is no event by itself: a pause, and what the state has to be looked up for."""


def line(kind: str = "message", **fields: Any) -> str:
    named = {} if kind == "message" else {"event": kind}
    return json.dumps({"at": AT, **named, **GOOD[kind], **fields}, ensure_ascii=False)


def cue(kind: str = "message", **fields: Any) -> Cue:
    (found,) = read_script([line(kind, **fields)])
    return found


def event(kind: str = "message", **fields: Any) -> Any:
    return event_of(cue(kind, **fields), "club")


def problem(*lines: str) -> str:
    with pytest.raises(ScriptError) as told:
        read_script(lines)
    return str(told.value)


COLLECTING = """
steps:
  - id: week
    when: 10:00 mon
    do:
      - {collect: {id: tales, kind: story}}
      - {collect: {id: ideas, kind: idea}}
      - {collect: {id: wishes, kind: wish, anonymous: true}}
      - {collect: {id: snags, kind: snag}}
      - {collect: {id: early, kind: checkin}}
"""


@pytest.mark.parametrize(
    ("collect", "said", "group"),
    [
        ("tales", "投稿 tales 一句话", "g"),
        ("ideas", "投稿 ideas 一句话", "g"),
        ("wishes", "g 心愿 一句话", ""),
        ("snags", "随手拍 一句话", "g"),
        ("early", "签到 一句话", "g"),
        ("unknown", "投稿 一句话", "g"),
    ],
)
def test_an_entry_is_said_as_its_collection_takes_it(collect: str, said: str, group: str):
    found = event_of(cue("entry", collect=collect, text="一句话"), "club", book(COLLECTING))

    assert isinstance(found, events.MessageReceived)
    assert (found.text, found.group, found.sender, found.mentions_bot) == (said, group, "li", True)


def test_every_event_of_the_format_has_an_example_here():
    assert set(GOOD) == set(NEEDED)


@pytest.mark.parametrize("kind", [kind for kind in GOOD if kind not in ELSEWHERE])
def test_every_event_of_the_format_becomes_one_of_ours(kind: str):
    found = event(kind)

    assert isinstance(found, events.Event)
    assert (found.key, found.community, found.at) == ("script:1", "club", MS)
    said_in_private = kind in ("relay", "vote", "apply")
    assert found.group == ("" if said_in_private else GOOD[kind].get("group", ""))


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in NEEDED.items() for name in names]
)
def test_what_an_event_cannot_do_without_is_asked_for_by_line(kind: str, name: str):
    bare = {key: value for key, value in json.loads(line(kind)).items() if key != name}

    assert problem(line(), "", json.dumps(bare)) == f"line 3: lacks {name}"
    assert problem(line(kind, **{name: None})) == f"line 1: lacks {name}"


@pytest.mark.parametrize("name", ["group", "member"])
def test_an_empty_name_is_as_good_as_none(name: str):
    assert problem(line("member.joined", **{name: " "})) == f"line 1: lacks {name}"


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('{"at": ' + "9" * 5_000 + "}", "is not JSON"),
        ("5", "is not a JSON object"),
        ('["at"]', "is not a JSON object"),
        ("{}", "lacks at, from, text"),
        ('{"event": "down", "at": "2026-12-01T07:50:00+08:00"}', "lacks for"),
        ('{"at": "x", "event": "group.deleted"}', "unknown event 'group.deleted'; known are acc"),
        ('{"at": "x", "event": ["down"]}', "unknown event"),
        (line(at="08:00"), "'08:00' is not a time with its offset"),
        (line(at="2026-12-01T07:50:00"), "is not a time with its offset"),
        (line(at=5), "5 is not a time with its offset"),
        (line(at="0001-01-01T00:00:00+08:00"), "is not a time with its offset"),
        (line(at="9999-12-31T23:59:59-08:00"), "is not a time with its offset"),
        (line("down", **{"for": "soon"}), "'soon' is not a length of time"),
        (line("down", **{"for": -5}), "-5 is not a length of time"),
        (line(mentions="bot"), "mentions must be a list of texts, not 'bot'"),
        (line(mentions=[["bot"]]), "mentions must be a list of texts"),
        (line("group.created", members={"li": 1}), "members must be a list of texts"),
        (line("group.created", names=["李四"]), "names must be a mapping of texts"),
        (line(text={"a": 1}), "text must be one text"),
        (line("role", role="admin"), "role must be one of member, leader, staff, owner, not 'ad"),
        (line("role", role=["owner"]), "role must be one of"),
        (line("click", platform="phone"), "platform must be one of wecom, wechat, browser, not"),
        (line("click", bot="yes"), "bot must be true or false"),
        (line("orders", lines="A1,li"), "lines must be a list of texts"),
        (line("member.birthday", date="02-30"), "date must be a day such as 03-12"),
        (line("member.birthday", date="1990-13-01"), "date must be a day"),
        (line("member.birthday", date="3月12日"), "date must be a day"),
        (line("member.birthday", date="W01-1"), "date must be a day"),
        (line("member.birthday", date="19900312"), "date must be a day"),
        (line("member.birthday", date=312), "date must be a day"),
        ('{"at": "x", "from": "li", "text": "\\ud800"}', "half a character"),
    ],
)
def test_what_cannot_be_played_is_named_by_its_line(bad: str, sentence: str):
    told = problem(line(), line(), bad, line())

    assert told.startswith("line 3: ")
    assert sentence in told
    assert len(told) < 400


def test_lines_are_played_in_order_of_time_and_those_of_one_instant_as_written():
    early = "2026-12-01T07:49:59+08:00"
    lines = [line(text="2"), "", line(text="3"), line(text="1", at=early), line(text="4")]

    found = read_script(lines)

    assert [each.fields["text"] for each in found] == ["1", "2", "3", "4"]
    assert [each.number for each in found] == [4, 1, 3, 5]


def test_an_instant_is_the_same_in_every_offset():
    assert script.instant("2026-11-30T23:50:00Z", "") == MS
    assert script.instant("2026-11-30T18:50:00.250-05:00", "") == MS + 250


def test_a_message_addresses_the_bot_when_it_mentions_it_or_is_private():
    spoken = event(mentions=["wang", "bot"], id="m7", quote="早读", image=True)

    assert spoken.mentions_bot
    assert (spoken.mentions, spoken.message_id) == (("wang",), "m7")
    assert (spoken.quote, spoken.quote_id, spoken.has_image) == ("早读", "早读", True)
    assert not event().mentions_bot
    assert event(group=None).mentions_bot


def test_numbers_are_texts():
    found = event(**{"from": 7, "text": 9})

    assert (found.sender, found.text) == ("7", "9")


def test_a_like_is_what_the_members_command_does():
    found = event("like")

    assert isinstance(found, events.MessageReceived)
    assert (found.sender, found.quote, found.mentions_bot) == ("li", "m1", True)


@pytest.mark.parametrize(
    ("kind", "argument"), [("redeem", "书签"), ("vote", "2"), ("share", "一本好书")]
)
def test_what_members_do_by_command_is_said_in_its_words(kind: str, argument: str):
    found = event(kind)

    assert isinstance(found, events.MessageReceived)
    assert found.sender == "li"
    assert argument in found.text


def test_a_relay_is_brought_in_private_after_the_name_of_its_group():
    found = event("relay")

    assert isinstance(found, events.MessageReceived)
    assert (found.sender, found.group, found.text) == ("li", "", "g\n#接龙 1. 李四")


def test_a_pause_says_how_long():
    assert script.down_for(cue("down", **{"for": "1h30m"})) == 5_400_000


@pytest.mark.parametrize("day", ["02-29", "1990-03-12"])
def test_a_birthday_has_its_year_or_not(day: str):
    assert event("member.birthday", date=day).date == day
