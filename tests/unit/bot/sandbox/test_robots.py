from urllib.parse import parse_qs, urlsplit

import pytest

from bot.channels.sandbox import contacts, robots
from tests.unit.bot.sandbox.corps import (
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

ANSWER = {"msgtype": "markdown", "markdown": {"content": "**later**"}}


def test_a_robot_posts_into_its_group_and_mentions_members():
    corp = a_corp()
    key = corp.add_robot("core", "Robot").key
    body = text("hi")
    body["text"]["mentioned_list"] = ["LI.SI", "zhao.liu"]

    robots.webhook(corp, key, body)

    post = told(corp, "post")[0]
    assert (post["channel"], post["chat"], post["mentions"]) == ("webhook", "core", ["Li.Si"])


def test_twenty_a_minute_for_each_robot():
    clock = Clock()
    corp = a_corp(clock)
    key, other = corp.add_robot("core", "A").key, corp.add_robot("core", "B").key
    for n in range(20):
        robots.webhook(corp, key, text(str(n)))
        clock.pass_ms(1000)

    assert refusal(robots.webhook, corp, key, text("x")) == 45009
    robots.webhook(corp, other, text("the other is free"))
    clock.pass_ms(MINUTE - 20_000)
    robots.webhook(corp, key, text("the window slid"))
    assert refusal(robots.webhook, corp, key, text("x")) == 45009
    assert len(told(corp, "post")) == 22


def test_a_refused_body_does_not_count_against_the_robot():
    corp = a_corp()
    key = corp.add_robot("core", "A").key
    for _ in range(30):
        assert refusal(robots.webhook, corp, key, text("")) == 44004

    robots.webhook(corp, key, text("fits"))

    assert kinds(corp) == ["post"]


def test_robots_that_are_unknown_removed_disabled_or_without_a_group():
    corp = a_corp()
    removed, disabled = corp.add_robot("core", "A").key, corp.add_robot("core", "B").key
    homeless = corp.add_robot("nowhere", "C").key
    corp.remove_robot(removed)
    corp.disable_robot(disabled)

    codes = [
        refusal(robots.webhook, corp, key, text("x"))
        for key in ("unknown", removed, disabled, homeless)
    ]

    assert codes == [93000, 93000, 93004, 93008]


def _code(url: str) -> str:
    return parse_qs(urlsplit(url).query)["response_code"][0]


def test_a_response_url_works_once():
    corp = a_corp()
    code = _code(robots.reply_url(corp, "core", "zhang.san"))

    robots.response(corp, code, ANSWER)

    assert refusal(robots.response, corp, code, ANSWER) == 40058
    assert [(p["text"], p["channel"], p["chat"]) for p in told(corp, "post")] == [
        ("**later**", "aibot", "core")
    ]


@pytest.mark.parametrize(("passed", "errcode"), [(HOUR - 1, 0), (HOUR, 40058)])
def test_a_response_url_lives_an_hour(passed: int, errcode: int):
    clock = Clock()
    corp = a_corp(clock)
    code = _code(robots.reply_url(corp, "core", "zhang.san"))
    clock.pass_ms(passed)

    if errcode:
        assert refusal(robots.response, corp, code, ANSWER) == errcode
    else:
        assert robots.response(corp, code, ANSWER) == {}


def test_a_refused_answer_does_not_spend_the_url():
    corp = a_corp()
    code = _code(robots.reply_url(corp, "", "zhang.san"))

    assert refusal(robots.response, corp, code, text("no text here")) == 40008
    robots.response(corp, code, ANSWER)

    assert told(corp, "dm")[0]["to"] == ["zhang.san"]


def test_who_is_in_the_group_is_told_once_within_five_minutes():
    clock = Clock()
    corp = a_corp(clock)
    codes = [robots.chat_info_url(corp, "core", "zhang.san").partition("code=")[2] for _ in "ab"]
    clock.pass_ms(5 * MINUTE - 1)

    told = robots.chat_info(corp, codes[0])

    assert [m["userid"] for m in told["members"]] == ["zhang.san", "Li.Si", "wang.wu"]
    assert (told["chatid"], told["chattype"]) == (corp.chats["core"].bot_chatid, "group")
    assert refusal(robots.chat_info, corp, codes[0]) == 40058
    clock.pass_ms(1)
    assert refusal(robots.chat_info, corp, codes[1]) == 40058


def test_a_member_in_scope_is_told_by_name():
    corp = a_corp()
    corp.add_person("t100", "\u5f20\u4e09")
    corp.add_person("hidden", in_scope=False)

    assert contacts.user(corp, {"userid": "T100"})["name"] == "\u5f20\u4e09"
    assert refusal(contacts.user, corp, {"userid": "nobody"}) == 60111
    assert refusal(contacts.user, corp, {}) == 60111
    assert refusal(contacts.user, corp, {"userid": "hidden"}) == 60011


def test_open_ids_become_plain_and_plain_ones_come_back_as_invalid():
    corp = a_corp()
    person = corp.person("zhang.san")
    assert person is not None

    answer = contacts.plain_ids(corp, {"open_userid_list": [person.open_userid, "li.si"]})

    assert answer == {
        "userid_list": [{"open_userid": person.open_userid, "userid": "zhang.san"}],
        "invalid_open_userid_list": ["li.si"],
    }


@pytest.mark.parametrize("asked", [[], ["x"] * 1001, "x", None])
def test_one_to_a_thousand_open_ids(asked: object):
    assert refusal(contacts.plain_ids, a_corp(), {"open_userid_list": asked}) == 40058


def test_a_robot_hears_only_where_its_callback_is_on():
    corp = a_corp()
    corp.add_chat(a_chat("other"))
    corp.add_robot("core", "deaf")
    hearing = corp.add_robot("core", "hearing", listens=True)

    assert corp.robot_in("core") == hearing
    assert corp.robot_in("other") is None
