import base64
from typing import Any

import pytest

from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.identity import SandboxIdentity
from bot.channels.sandbox.limits import Limit, Windows
from bot.channels.sandbox.tokens import Tokens
from tests.unit.bot.sandbox.corps import START, Clock, a_chat, a_corp, refusal


def test_generated_keys_have_43_characters_and_32_bytes():
    identity = SandboxIdentity()

    for key in (identity.app_aes_key, identity.aibot_aes_key, identity.robot_aes_key):
        assert len(key) == 43
        assert len(base64.b64decode(key + "=")) == 32


def test_two_identities_share_no_secret():
    one, other = SandboxIdentity(), SandboxIdentity()

    assert one.app_secret != other.app_secret
    assert one.aibot_aes_key != other.aibot_aes_key


def test_only_the_app_signs_for_a_receiver():
    identity = SandboxIdentity()
    crypto = {s: identity.callback_crypto(s) for s in ("app", "aibot", "robot")}

    assert crypto["app"].receive_id == identity.corp_id
    assert crypto["aibot"].receive_id == crypto["robot"].receive_id == ""


def test_a_user_id_is_found_in_any_case():
    person = a_corp().person("LI.si")

    assert person is not None
    assert person.userid == "Li.Si"


def test_user_ids_that_differ_in_case_only_are_refused():
    with pytest.raises(ValueError, match="already"):
        a_corp().add_person("li.si")


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"owner": "zhao.liu"}, id="owner outside"),
        pytest.param({"userlist": ("zhang.san", "nobody")}, id="member unknown"),
    ],
)
def test_a_group_holds_known_people_and_its_owner(fields: dict[str, Any]):
    with pytest.raises(ValueError, match="must be in the corp"):
        a_corp().add_chat(a_chat("odd", **fields))


def test_the_bot_knows_a_group_by_another_id_in_its_own_case():
    corp = a_corp()
    bot_chatid = corp.chats["core"].bot_chatid

    assert bot_chatid.startswith("wrk")
    assert corp.chat_of_bot(bot_chatid) == corp.chats["core"]
    assert corp.chat_of_bot(bot_chatid.upper()) is None


def test_a_subscriber_hears_every_change_until_it_ends_that():
    corp, heard = Corp(lambda: START), []
    end = corp.subscribe(heard.append)

    corp.tell("post", "core", sender="bot", to=("zhang.san",), text="hi", channel="webhook")
    end()
    corp.tell("post", "core", sender="bot", text="unheard")

    assert heard == [
        {
            "seq": 1,
            "kind": "post",
            "at": START,
            "chat": "core",
            "from": "bot",
            "to": ["zhang.san"],
            "text": "hi",
            "mentions": [],
            "channel": "webhook",
        }
    ]
    assert len(corp.transcript) == 2


def test_a_window_slides_and_counts_only_what_it_let_through():
    clock = Clock()
    windows = Windows(clock)
    limits = (Limit(count=2, ms=1000),)

    assert windows.take("k", limits)
    clock.pass_ms(500)
    assert windows.take("k", limits)
    assert not windows.take("k", limits)
    assert windows.take("other", limits)
    clock.pass_ms(499)
    assert not windows.take("k", limits)
    clock.pass_ms(1)
    assert windows.take("k", limits)
    assert not windows.take("k", limits)


def test_a_window_refused_by_one_limit_is_not_counted_in_the_others():
    clock = Clock()
    windows = Windows(clock)
    limits = (Limit(count=1, ms=10), Limit(count=2, ms=1000))

    taken = [windows.take("k", limits) for _ in range(5)]
    clock.pass_ms(10)

    assert taken == [True, False, False, False, False]
    assert windows.take("k", limits)


def test_a_weight_fits_whole_or_not_at_all():
    windows, limits = Windows(Clock()), (Limit(count=10, ms=1000),)

    assert windows.take("k", limits, weight=7)
    assert not windows.take("k", limits, weight=4)
    assert windows.take("k", limits, weight=3)


def test_a_living_token_is_given_again_with_less_time_left():
    clock = Clock()
    tokens = Tokens(clock)

    first, lives = tokens.get()
    clock.pass_ms(1_000_000)

    assert lives == 7200
    assert tokens.get() == (first, 6200)
    tokens.check(first)


def test_a_token_ends_after_two_hours_and_another_follows():
    clock = Clock()
    tokens = Tokens(clock)
    first, _ = tokens.get()

    clock.pass_ms(7_199_999)
    tokens.check(first)
    clock.pass_ms(1)

    assert refusal(tokens.check, first) == 42001
    assert tokens.get()[0] != first


@pytest.mark.parametrize("errcode", [40014, 42001])
def test_a_token_can_be_ended_early_with_either_code(errcode: int):
    tokens = Tokens(Clock())
    first, _ = tokens.get()

    tokens.expire(errcode)

    assert refusal(tokens.check, first) == errcode
    assert tokens.get()[0] != first


def test_missing_and_unknown_tokens_are_told_apart():
    tokens = Tokens(Clock())

    assert refusal(tokens.check, "") == 41001
    assert refusal(tokens.check, "made up") == 40014


def test_only_the_newest_pictures_are_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.channels.sandbox.corp.KEPT_PICTURES", 10)
    corp = Corp(lambda: 0)

    names = [corp.keep_picture(bytes(4)) for _ in range(4)]

    assert list(corp.pictures) == names[2:]
