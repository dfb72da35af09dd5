from collections.abc import Callable
from typing import Any

import pytest

from bot.channels.sandbox import appchat
from tests.unit.bot.sandbox.corps import (
    DAY,
    HOUR,
    MINUTE,
    Clock,
    a_chat,
    a_corp,
    kinds,
    refusal,
    text,
    told,
)

NEW = {"name": "New", "owner": "zhang.san", "userlist": ["zhang.san", "li.si"], "chatid": "new1"}


def test_a_created_group_is_invisible_until_its_first_message():
    corp = a_corp()

    assert appchat.create(corp, NEW) == {"chatid": "new1"}
    assert not corp.chats["new1"].visible
    appchat.send(corp, text("welcome", chatid="new1"))

    assert corp.chats["new1"].visible
    assert kinds(corp) == ["created", "post"]


def test_ids_come_back_as_the_corp_writes_them():
    corp = a_corp()
    appchat.create(corp, NEW)

    info = appchat.get(corp, {"chatid": "new1"})["chat_info"]

    assert info == {
        "chatid": "new1",
        "name": "New",
        "owner": "zhang.san",
        "userlist": ["zhang.san", "Li.Si"],
    }


@pytest.mark.parametrize(
    ("fields", "errcode"),
    [
        pytest.param({"chatid": "core"}, 86215, id="chatid used"),
        pytest.param({"chatid": "with-dash"}, 86001, id="chatid with a dash"),
        pytest.param({"chatid": 7}, 86001, id="chatid a number"),
        pytest.param({"chatid": "a" * 33}, 86205, id="chatid too long"),
        pytest.param({"name": ""}, 86202, id="no name"),
        pytest.param({"name": ["x"]}, 86004, id="name not text"),
        pytest.param({"owner": "nobody"}, 86005, id="owner unknown"),
        pytest.param({"owner": "zhao.liu"}, 86207, id="owner not in the list"),
        pytest.param({"userlist": []}, 86204, id="nobody"),
        pytest.param({"userlist": ["zhang.san"]}, 86006, id="one member"),
        pytest.param({"userlist": ["zhang.san", "ZHANG.san"]}, 86006, id="the same one twice"),
        pytest.param({"userlist": ["zhang.san", "nobody"]}, 86216, id="member unknown"),
        pytest.param({"userlist": "zhang.san"}, 86216, id="not a list"),
        pytest.param({"userlist": [{}, None]}, 86216, id="not ids"),
    ],
)
def test_a_group_that_cannot_be_created(fields: dict[str, Any], errcode: int):
    corp = a_corp()

    assert refusal(appchat.create, corp, NEW | fields) == errcode
    assert list(corp.chats) == ["core"]
    assert kinds(corp) == []


@pytest.mark.parametrize(("count", "errcode"), [(2000, 0), (2001, 86006)])
def test_a_group_holds_two_thousand(count: int, errcode: int):
    people = [f"u{n}" for n in range(count)]
    corp = a_corp(None, *people)
    body = NEW | {"userlist": people, "owner": "u0"}

    if errcode:
        assert refusal(appchat.create, corp, body) == errcode
    else:
        assert len(corp.chats[appchat.create(corp, body)["chatid"]].userlist) == count


def test_a_long_name_is_cut_and_a_missing_owner_chosen():
    corp = a_corp()

    appchat.create(corp, NEW | {"name": "n" * 51, "owner": ""})

    assert corp.chats["new1"].name == "n" * 50
    assert corp.chats["new1"].owner in ("zhang.san", "Li.Si")


def test_the_ai_bot_is_not_in_a_group_the_app_makes():
    corp = a_corp()

    appchat.create(corp, NEW)

    assert not corp.chats["new1"].aibot


def test_a_chatid_of_32_characters_is_taken_and_one_is_made_where_none_is_given():
    corp = a_corp()

    assert appchat.create(corp, NEW | {"chatid": "a" * 32}) == {"chatid": "a" * 32}
    assert appchat.create(corp, NEW | {"chatid": ""})["chatid"] in corp.chats


def test_a_thousand_groups_a_day():
    clock = Clock()
    corp = a_corp(clock)
    for n in range(1000):
        appchat.create(corp, NEW | {"chatid": f"g{n}"})

    assert refusal(appchat.create, corp, NEW) == 45009
    clock.pass_ms(DAY)
    assert appchat.create(corp, NEW) == {"chatid": "new1"}


@pytest.mark.parametrize("call", [appchat.create, appchat.update, appchat.get, appchat.send])
def test_an_app_whose_scope_is_not_the_root_may_call_nothing(call: Callable[..., object]):
    corp = a_corp()
    corp.scope_is_root = False

    assert refusal(call, corp, NEW) == 60011


@pytest.mark.parametrize("call", [appchat.update, appchat.get, appchat.send])
@pytest.mark.parametrize(
    ("chatid", "errcode"), [("nowhere", 86003), ("byhand", 86008), ("", 86001), (None, 86001)]
)
def test_only_the_apps_own_groups_can_be_touched(
    call: Callable[..., object], chatid: str, errcode: int
):
    corp = a_corp()
    corp.add_chat(a_chat("byhand"))

    assert refusal(call, corp, text("x", chatid=chatid)) == errcode


def test_members_owner_and_name_change_in_one_call():
    corp = a_corp()

    appchat.update(
        corp,
        {
            "chatid": "core",
            "name": "Renamed",
            "owner": "zhao.liu",
            "add_user_list": ["zhao.liu", "li.si"],
            "del_user_list": ["ZHANG.SAN"],
        },
    )

    chat = corp.chats["core"]
    assert (chat.name, chat.owner) == ("Renamed", "zhao.liu")
    assert chat.userlist == ("Li.Si", "wang.wu", "zhao.liu")
    assert kinds(corp) == ["removed", "join", "owner", "renamed"]
    assert told(corp, "removed")[0]["to"] == ["zhang.san"]
    assert told(corp, "join")[0]["to"] == ["zhao.liu"]


@pytest.mark.parametrize(
    ("fields", "errcode"),
    [
        pytest.param({"add_user_list": ["zhao.liu", "nobody"]}, 86216, id="adds an unknown id"),
        pytest.param({"del_user_list": ["zhao.liu"]}, 86216, id="removes one who is not in"),
        pytest.param({"del_user_list": ["zhang.san"]}, 86207, id="removes the owner alone"),
        pytest.param({"owner": "zhao.liu"}, 86207, id="owner from outside"),
        pytest.param({"owner": "nobody"}, 86005, id="owner unknown"),
        pytest.param({"del_user_list": ["li.si", "wang.wu"]}, 86006, id="leaves one"),
        pytest.param({"add_user_list": "zhao.liu"}, 86216, id="not a list"),
    ],
)
def test_an_update_that_is_refused_changes_nothing(fields: dict[str, Any], errcode: int):
    corp = a_corp()
    before = corp.chats["core"]

    assert refusal(appchat.update, corp, {"chatid": "core", **fields}) == errcode
    assert corp.chats["core"] == before
    assert kinds(corp) == []


def test_somebody_outside_the_apps_scope_cannot_be_added():
    corp = a_corp()
    corp.add_person("hidden", in_scope=False)

    body = {"chatid": "core", "add_user_list": ["hidden"]}

    assert refusal(appchat.update, corp, body) == 86216


def test_a_thousand_changes_an_hour():
    clock = Clock()
    corp = a_corp(clock)
    for n in range(1000):
        appchat.update(corp, {"chatid": "core", "name": f"n{n}"})

    assert refusal(appchat.update, corp, {"chatid": "core", "name": "x"}) == 45009
    clock.pass_ms(HOUR)
    appchat.update(corp, {"chatid": "core", "name": "x"})
    assert corp.chats["core"].name == "x"


def test_mentions_come_from_the_list_and_the_text_and_name_members_only():
    corp = a_corp()
    body = text("<@li.si> and <@nobody>", chatid="core")
    body["text"]["mentioned_list"] = ["@all", "wang.wu", "zhao.liu"]

    appchat.send(corp, body)

    post = told(corp, "post")[0]
    assert post["mentions"] == ["@all", "wang.wu", "Li.Si"]
    assert (post["from"], post["channel"], post["chat"]) == ("bot", "appchat", "core")


def test_above_200_a_minute_a_member_gets_nothing_and_nobody_is_told():
    clock = Clock()
    corp = a_corp(clock)
    for n in range(200):
        appchat.send(corp, text(str(n), chatid="core"))
    assert told(corp, "dropped") == []

    assert appchat.send(corp, text("lost", chatid="core")) == {}

    assert told(corp, "dropped")[0]["to"] == ["zhang.san", "Li.Si", "wang.wu"]
    assert told(corp, "post")[-1]["to"] == []
    clock.pass_ms(MINUTE)
    appchat.send(corp, text("seen", chatid="core"))
    assert len(told(corp, "post")[-1]["to"]) == 3


def test_the_drop_is_per_member_over_all_groups():
    corp = a_corp()
    corp.add_chat(a_chat("pair", made_by_app=True, userlist=("zhang.san", "zhao.liu")))
    for n in range(200):
        appchat.send(corp, text(str(n), chatid="core"))

    appchat.send(corp, text("x", chatid="pair"))

    assert told(corp, "post")[-1]["to"] == ["zhao.liu"]
    assert told(corp, "dropped")[0]["to"] == ["zhang.san"]


def test_twenty_thousand_person_times_a_minute_for_the_corp():
    people = [f"u{n}" for n in range(2000)]
    corp = a_corp(None, *people)
    corp.add_chat(a_chat("big", made_by_app=True, owner="u0", userlist=tuple(people)))
    for n in range(10):
        appchat.send(corp, text(str(n), chatid="big"))

    assert refusal(appchat.send, corp, text("x", chatid="core")) == 45009
