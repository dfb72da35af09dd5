"""Signed lists in the hands of staff: read, asked about, previewed, booked once, put right."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import commands
from handlers.identity import identities
from handlers.people import people
from handlers.ports import Context
from handlers.posting import outbox
from handlers.relays import relay_desk
from handlers.steps import step_actions
from sop.actions import Action
from sop.model import Item, LedgerEntry, Member, Nickname, Person, Relay, Signup, Task
from sop.times.durations import DAY_MS, HOUR_MS, MINUTE_MS
from tests import builders
from tests.builders import COMMUNITY, GROUP
from tests.lives import life, of, texts
from tests.unit.handlers.talking import Talk, talking

PACK = "score: {earn: {checkin: {points: 3, cap: 1/day, min_chars: 0}}}"
LIST = "#接龙\n早起打卡\n\n1. 小禾\n2. Leo"
NAMES = ("小禾", "Leo", "秋实", "老赵", "boss", "li")


@pytest.fixture
def talk() -> Iterator[Talk]:
    with talking(PACK, staff=("li",)) as found:
        yield joined(found)


def joined(talk: Talk, *more: str) -> Talk:
    def join(context: Context) -> None:
        assert context.group is not None
        for name in (*NAMES, *more):
            person = people.person_of(context.store, COMMUNITY, name, name)
            people.member_of(context.store, context.group, person, 1)

    talk.run(None, join)
    return talk


def tell(talk: Talk, sender: str, text: str) -> list[Action]:
    """Write to the bot in private; returns what came of it."""
    event = builders.message(text, sender=sender, group="", at=talk.now)
    number = talk.run(None, lambda c: people.person_of(c.store, COMMUNITY, sender, sender).id)

    def work(context: Context) -> list[Action]:
        alone = replace(context, group_id="")
        done = relay_desk.hear(event, alone)
        done = done if done.stop else commands.run_command(event, alone)
        return list(outbox.dispatch(alone, event, done.actions).actions)

    talk.now += 1_000
    found: list[Action] = talk.run(None, work, number)
    return found


def test_who_copies_a_list_without_its_first_line_is_told_what_is_missing():
    with life("steps: []") as club:
        club.enforce()
        club.join("li")

        (answer,) = texts(club.say("1. 小禾\n2. Leo", group=""))
        assert "「#接龙」" in answer
        assert "「帮助」" in texts(club.say("买一斤苹果", group=""))[0]


def said(lines: list[Action]) -> str:
    return "\n".join(line.text for line in lines if line.do in ("reply", "task"))


def earned(talk: Talk) -> dict[str, int]:
    persons = {each.id: each for each in talk.read(Person)}
    found: dict[str, int] = {}
    for entry in talk.read(LedgerEntry):
        name = persons[entry.person].name
        found[name] = found.get(name, 0) + entry.points
    return {name: points for name, points in found.items() if points}


def agree(talk: Talk, by: str = "li") -> list[Action]:
    (task,) = talk.read(Task, status="open", order="-id", limit=1)
    return tell(talk, by, f"同意 {task.id}")


def test_a_list_becomes_check_ins_after_one_look(talk: Talk):
    assert "会记上 2 位：小禾、Leo" in said(tell(talk, "li", LIST))
    assert earned(talk) == {}

    assert "记好了 2 位" in said(agree(talk))
    assert earned(talk) == {"小禾": 3, "Leo": 3}


def test_the_same_list_again_books_nobody_twice_and_a_longer_one_who_is_new(talk: Talk):
    tell(talk, "li", LIST)
    agree(talk)

    assert "这一次没有新的可以记" in said(tell(talk, "li", LIST))
    agree(talk)
    assert "会记上 1 位：秋实" in said(tell(talk, "boss", f"{LIST}\n3. 秋实"))
    agree(talk, "boss")

    assert earned(talk) == {"小禾": 3, "Leo": 3, "秋实": 3}


def test_a_late_copy_of_yesterdays_list_only_adds_who_is_new(talk: Talk):
    tell(talk, "li", LIST)
    agree(talk)
    talk.now += DAY_MS

    assert "会记上 1 位：秋实" in said(tell(talk, "li", f"{LIST}\n3. 秋实"))


def test_another_day_s_list_of_the_same_title_is_a_new_one(talk: Talk):
    tell(talk, "li", LIST)
    agree(talk)
    talk.now += DAY_MS

    assert "会记上 2 位：Leo、小禾" in said(tell(talk, "li", "#接龙\n早起打卡\n1. Leo\n2. 小禾"))


def test_who_checked_in_by_themselves_is_not_booked_by_a_later_copy(talk: Talk):
    number = talk.run(None, lambda c: people.person_of(c.store, COMMUNITY, "小禾").id)
    event = builders.message("打卡", sender="小禾", mentions_bot=True, at=talk.now)
    talk.run(event, lambda context: commands.run_command(event, context), number)

    assert "不加分的 1 位（今天签到过，或写得太短）：小禾" in said(tell(talk, "li", LIST))
    agree(talk)
    talk.now += DAY_MS
    tell(talk, "li", f"{LIST}\n3. 秋实")
    agree(talk)

    assert earned(talk) == {"小禾": 3, "Leo": 3, "秋实": 3}


def test_what_was_too_short_may_count_in_a_later_copy():
    with talking(PACK.replace("min_chars: 0", "min_chars: 4"), staff=("li",)) as talk:
        joined(talk)
        tell(talk, "li", "#接龙\n打卡\n1. 小禾 读\n2. Leo 读完第三章")
        agree(talk)
        assert earned(talk) == {"Leo": 3}

        tell(talk, "li", "#接龙\n打卡\n1. 小禾 读完了第四章\n2. Leo 读完第三章")
        agree(talk)

        assert earned(talk) == {"小禾": 3, "Leo": 3}


def test_who_brings_it_twice_before_a_yes_has_one_task(talk: Talk):
    tell(talk, "li", LIST)
    again = tell(talk, "li", LIST)

    assert [line.do for line in again] == ["reply"]
    assert len(talk.tasks()) == 1


def test_only_staff_bring_lists(talk: Talk):
    assert "群主或管理员" in said(tell(talk, "小禾", LIST))
    assert talk.read(Relay) == []


def test_a_list_in_parts_is_one(talk: Talk):
    tell(talk, "li", LIST)

    assert "会记上 4 位：小禾、Leo、秋实、老赵" in said(
        tell(talk, "li", "2. Leo\n3. 秋实\n4. 老赵")
    )
    assert len(talk.tasks()) == 1


@pytest.mark.parametrize("minutes", [0, 40])
def test_what_goes_on_with_no_list_is_not_one(talk: Talk, minutes: int):
    if minutes:
        tell(talk, "li", LIST)
        talk.now += minutes * MINUTE_MS

    assert tell(talk, "li", "3. 秋实") == []


def test_other_words_meanwhile_are_left_to_others(talk: Talk):
    tell(talk, "li", LIST)

    assert tell(talk, "li", "早上好") == []
    assert "积分" in said(tell(talk, "li", "积分")) or tell(talk, "li", "群规")


def test_what_a_list_is_for_is_asked_where_it_does_not_say(talk: Talk, tmp_path: Path):
    asked = said(tell(talk, "li", LIST.replace("早起打卡", "周六聚餐")))
    assert "1. 晨读一群：打卡" in asked
    assert talk.tasks() == []
    assert said(tell(talk, "li", "7")) == asked

    assert "会记上 2 位" in said(tell(talk, "li", "1"))


@pytest.mark.parametrize("answer", ["1", " １ ", "打卡"])
def test_the_answer_may_come_after_a_restart(tmp_path: Path, answer: str):
    path = tmp_path / "relay.db"
    with talking(PACK, path=path, staff=("li",)) as before:
        tell(joined(before), "li", LIST.replace("早起打卡", "周六聚餐"))
        now = before.now
    with talking(PACK, path=path, staff=("li",), now=now) as after:
        assert "会记上 2 位" in said(tell(after, "li", answer))
        agree(after)
        assert earned(after) == {"小禾": 3, "Leo": 3}


def test_what_it_is_for_may_stand_before_it(talk: Talk):
    assert "会记上 2 位" in said(tell(talk, "li", f"打卡\n{LIST.replace('早起打卡', '周六')}"))


def test_of_several_groups_the_one_named_first_is_meant(talk: Talk):
    other = builders.group(id="g2", title="晨读二群", staff=("li",))
    talk.run(None, lambda context: context.store.put(other))

    asked = said(tell(talk, "li", LIST))
    assert "1. 晨读一群：打卡\n2. 晨读二群：打卡" in asked
    named = said(tell(talk, "li", f"晨读一群 {LIST.replace('早起', '晚')}"))
    assert "「晨读一群」的接龙「晚打卡」" in named


def test_in_a_pack_that_pays_no_check_in_there_is_nothing_to_book():
    with talking("steps: []", staff=("li",)) as talk:
        assert "没有什么可以记" in said(tell(joined(talk), "li", LIST))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("#接龙\n打卡", "还没有人接"),
        ("#接龙\n打卡\n1. \n2. ", "还没有人接"),
        ("#接龙\n1. 小禾\n- - - - - -\n收到", "没读懂"),
    ],
)
def test_what_cannot_be_read_is_told_with_the_next_step(talk: Talk, text: str, answer: str):
    assert answer in said(tell(talk, "li", text))
    assert talk.read(Relay) == []


def test_a_no_books_nothing_and_remembers_nobody(talk: Talk):
    tell(talk, "li", LIST)
    (task,) = talk.tasks()

    assert "没有记" in said(tell(talk, "li", f"拒绝 {task.id}"))
    assert earned(talk) == {}
    assert talk.read(Nickname) == []


def test_a_nickname_is_bound_once_and_remembered(talk: Talk):
    tell(talk, "li", f"{LIST}\n3. 阿秋🌧 第2章")
    bound = said(tell(talk, "li", "昵称 阿秋 @秋实"))

    assert "接龙里的「阿秋」就是 秋实" in bound
    assert "阿秋🌧（秋实）" in bound
    agree(talk)
    talk.now += DAY_MS
    assert "会记上 1 位：阿 秋（秋实）" in said(tell(talk, "li", "#接龙\n晚打卡\n1. 阿 秋"))


def test_a_name_that_two_people_have_is_nobodys_until_it_is_bound(talk: Talk):
    def twin(context: Context) -> None:
        assert context.group is not None
        person = people.person_of(context.store, COMMUNITY, "leo2", "leo")
        people.member_of(context.store, context.group, person, 1)

    talk.run(None, twin)

    assert "还不认识 1 个名字：Leo" in said(tell(talk, "li", LIST))
    assert "还不能确定是哪一位" in said(tell(talk, "li", "昵称 Leo @Leo"))
    assert "会记上 2 位" in said(tell(talk, "li", "昵称 Leo @2"))


@pytest.mark.parametrize("words", ["昵称", "昵称 阿秋", "昵称 @秋实", "昵称 阿秋 @无名氏"])
def test_a_nickname_without_both_halves_changes_nothing(talk: Talk, words: str):
    assert said(tell(talk, "li", words))
    assert talk.read(Nickname) == []


def test_members_bind_no_nicknames(talk: Talk):
    assert "群主或管理员" in said(tell(talk, "小禾", "昵称 阿秋 @小禾"))
    assert talk.read(Nickname) == []


def test_a_wrong_nickname_is_put_right_with_what_it_brought(talk: Talk):
    tell(talk, "li", "#接龙\n打卡\n1. 阿秋")
    tell(talk, "li", "昵称 阿秋 @老赵")
    agree(talk)
    assert earned(talk) == {"老赵": 3}

    tell(talk, "li", "昵称 阿秋 @秋实")
    assert earned(talk) == {"秋实": 3}
    assert {each.name: each.streak for each in talk.read(Person)}["老赵"] == 0
    tell(talk, "li", "昵称 阿秋 @秋实")
    tell(talk, "li", "#接龙\n打卡\n1. 阿秋")
    agree(talk)

    assert earned(talk) == {"秋实": 3}


def test_what_is_put_right_brings_as_much_as_it_would_have():
    with talking(PACK.replace("min_chars: 0", "min_chars: 4"), staff=("li",)) as talk:
        joined(talk)
        tell(talk, "li", "#接龙\n打卡\n1. 阿秋 读完第三章")
        tell(talk, "li", "昵称 阿秋 @老赵")
        agree(talk)

        tell(talk, "li", "昵称 阿秋 @秋实")

        assert earned(talk) == {"秋实": 3}


def test_who_has_left_is_nobody(talk: Talk):
    def leave(context: Context) -> None:
        person = people.person_of(context.store, COMMUNITY, "Leo")
        member = context.store.get(Member, COMMUNITY, GROUP, person.id)
        assert member is not None
        context.store.put(replace(member, left_at=talk.now))

    talk.run(None, leave)

    assert "还不认识 1 个名字：Leo" in said(tell(talk, "li", LIST))


def test_nicknames_and_what_was_booked_follow_a_merge(talk: Talk):
    tell(talk, "li", "#接龙\n打卡\n1. 阿秋\n2. Leo")
    tell(talk, "li", "昵称 阿秋 @老赵")
    agree(talk)

    def merge(context: Context) -> None:
        into, gone = (
            people.person_of(context.store, COMMUNITY, each) for each in ("秋实", "老赵")
        )
        identities.merge(context, into, gone)

    talk.run(None, merge)
    assert "这一次没有新的" in said(tell(talk, "li", "#接龙\n打卡\n1. 阿秋\n2. Leo\n3. 秋实"))
    agree(talk)

    assert earned(talk) == {"秋实": 3, "Leo": 3}


def test_a_group_that_is_over_books_nothing(talk: Talk):
    tell(talk, "li", LIST)
    (task,) = talk.tasks()
    talk.group(retired=True)

    lines = tell(talk, "li", f"同意 {task.id}")

    assert "已经结束" in said(lines)
    assert earned(talk) == {}


def test_a_pack_that_no_longer_pays_books_nothing(talk: Talk):
    tell(talk, "li", LIST)
    with talking("steps: []") as other:
        talk.book = other.book

    assert "已经结束" in said(agree(talk))
    assert earned(talk) == {}


def test_two_hundred_names_are_previewed_in_a_few_lines():
    names = [f"成员{number}号" for number in range(200)]
    with talking(PACK, staff=("li",)) as talk:
        joined(talk, *names)
        lines = (f"{number}. {name}" for number, name in enumerate(names, 1))

        seen = said(tell(talk, "li", "\n".join(("#接龙\n打卡", *lines))))

        assert "会记上 200 位" in seen
        assert len(seen) < 600
        agree(talk)
        assert len(earned(talk)) == 200


@given(
    copies=st.lists(st.lists(st.sampled_from(NAMES[:4]), min_size=1, max_size=5), max_size=4),
    hours=st.sampled_from([0, 1, 13]),
)
@settings(max_examples=12, deadline=None)
def test_however_a_list_grows_nobody_is_booked_for_it_twice(copies: list[list[str]], hours: int):
    with talking(PACK.replace("cap: 1/day, ", ""), staff=("li",)) as talk:
        joined(talk)
        whole: list[str] = []
        for more in copies:
            whole += more
            text = "\n".join(f"{number}. {name}" for number, name in enumerate(whole, 1))
            tell(talk, "li", f"#接龙\n打卡\n{text}")
            agree(talk)
            talk.now += hours * HOUR_MS

        assert earned(talk) == dict.fromkeys(whole, 3)


def test_in_the_group_a_list_is_read_when_it_is_said_to_the_bot(talk: Talk):
    number = talk.run(None, lambda c: people.person_of(c.store, COMMUNITY, "li").id)

    def say(**fields: Any) -> list[Action]:
        event = builders.message(f"接龙 {LIST}", sender="li", at=talk.now, **fields)
        return list(talk.run(event, lambda c: commands.run_command(event, c), number))

    assert say() == []
    assert [line.do for line in say(mentions_bot=True)] == ["task"]


def test_a_list_copied_to_the_bot_before_the_group_needs_no_command():
    pack = COLLECTING.replace("review: true", "anonymous: false")
    with life(pack) as club:
        club.enforce()
        club.join("owner", "li")

        assert of(club.say(LIST, "owner"), "task") == []
        assert len(of(club.say(LIST, "owner", key="told", mentions_bot=True), "task")) == 1
        (line,) = club.say(LIST, "li", key="member", mentions_bot=True)
        assert "群主或管理员" in line.text


COLLECTING = """
score: {earn: {checkin: {points: 3, cap: 1/day}, story: {points: 10}}}
steps:
  - id: stories
    when: "20:00 daily"
    title: 身边的故事
    do: [{collect: {kind: story, for: 7d, review: true}}]
"""


def begin(talk: Talk, name: str) -> None:
    step = talk.book.step(name)
    assert step is not None

    def work(context: Context) -> None:
        assert context.group is not None
        step_actions.expand(context, context.group, step, (), due_at=talk.now)

    talk.run(None, work)


STORIES = "#接龙\n身边的故事\n1. 小禾 昨天有人帮我拎了一路的菜\n2. Leo\n3. 阿秋 楼下的猫又回来了"


def test_a_list_of_a_collection_becomes_its_entries_once():
    with talking(COLLECTING, staff=("li",)) as talk:
        joined(talk)
        begin(talk, "stories")

        seen = said(tell(talk, "li", STORIES))
        assert "记成「身边的故事」的投稿" in seen
        assert "会记上 1 位：小禾" in seen
        assert "这次不收的 1 位：Leo" in seen
        tell(talk, "li", "昵称 阿秋 @秋实")
        agree(talk)

        assert earned(talk) == {"小禾": 10, "秋实": 10}
        items = talk.read(Item, order="number")
        assert [each.text for each in items] == ["昨天有人帮我拎了一路的菜", "楼下的猫又回来了"]
        assert {each.status for each in items} == {"open"}
        tell(talk, "li", STORIES.replace("2. Leo", "2. Leo 我也说一个旧事"))
        agree(talk)
        assert earned(talk) == {"小禾": 10, "秋实": 10, "Leo": 10}


def test_a_list_of_check_ins_gives_days_to_the_collection_of_them_that_is_open():
    pack = COLLECTING.replace("kind: story, for: 7d, review: true", "kind: checkin, for: 7d")
    with talking(pack, staff=("li",)) as talk:
        joined(talk)
        begin(talk, "stories")
        for _ in range(2):
            tell(talk, "li", LIST)
            agree(talk)

        assert earned(talk) == {"小禾": 3, "Leo": 3}
        assert [(each.kind, each.status) for each in talk.read(Item)] == [("checkin", "open")] * 2


def test_a_list_that_may_be_either_is_asked_about_and_a_closed_collection_takes_nothing():
    with talking(COLLECTING, staff=("li",)) as talk:
        joined(talk)
        begin(talk, "stories")

        asked = said(tell(talk, "li", STORIES.replace("身边的故事", "周六")))
        assert "1. 晨读一群：打卡\n2. 晨读一群：「身边的故事」的投稿" in asked
        tell(talk, "li", "2")
        talk.now += 8 * DAY_MS

        assert "已经结束" in said(agree(talk))
        assert talk.read(Item) == []


WALK = "#接龙\n周六徒步 9:00 集合\n1. 小禾 2人\n2. Leo\n3. 秋实"
SIGNING = """
steps:
  - id: walk
    when: "20:00 daily"
    do: [{signup: {title: 周六徒步, places: 2, waitlist: true}}]
"""


@pytest.mark.parametrize(("waitlist", "last"), [("true", "waiting"), ("false", "full")])
def test_a_list_of_a_sign_up_gives_places_in_its_order_and_none_twice(waitlist: str, last: str):
    with talking(SIGNING.replace("true", waitlist), staff=("li",)) as talk:
        joined(talk)
        begin(talk, "walk")

        seen = said(tell(talk, "li", WALK))
        assert "记成「周六徒步」的报名" in seen
        assert "名单只记本人；这几位还带了人或写了别的，请看一眼，带来的人请自己报：小禾" in seen
        lines = agree(talk)
        told = [line.text for line in lines if line.do == "dm"]
        assert told == [f"名额满了、{LAST[last]} 1 位：秋实"]
        rows = talk.read(Signup, order="number")
        assert [each.status for each in rows] == ["in", "in", "waiting"][: len(rows)]

        again = said(tell(talk, "li", WALK))
        assert f"不会重复的 {len(rows)} 位" in again
        agree(talk)
        assert talk.read(Signup, order="number") == rows
        assert earned(talk) == {}


LAST = {"waiting": "排着队的", "full": "没能报上的"}


def test_who_is_on_the_list_already_keeps_their_place():
    with talking(SIGNING, staff=("li",)) as talk:
        joined(talk)
        begin(talk, "walk")
        number = talk.run(None, lambda c: people.person_of(c.store, COMMUNITY, "Leo").id)
        event = builders.message("报名", sender="Leo", mentions_bot=True, at=talk.now)
        talk.run(event, lambda context: commands.run_command(event, context), number)

        assert "已经在名单里的 1 位：Leo" in said(tell(talk, "li", WALK))
