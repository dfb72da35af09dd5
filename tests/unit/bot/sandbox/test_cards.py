from typing import Any

import pytest

from bot.channels.sandbox import cards, direct
from bot.channels.sandbox.conversations import Conversations
from bot.channels.sandbox.corp import Corp
from tests.unit.bot.sandbox.corps import HOUR, Clock, a_corp, refusal

BUTTONS = [{"text": "同意", "key": "yes"}, {"text": "拒绝", "key": "no"}]
CARD: dict[str, Any] = {
    "card_type": "button_interaction",
    "main_title": {"title": "请看"},
    "button_list": BUTTONS,
    "task_id": "t-1",
}
VOTE: dict[str, Any] = {
    "card_type": "vote_interaction",
    "main_title": {"title": "去哪"},
    "checkbox": {"question_key": "q", "option_list": [{"id": "1", "text": "西湖"}]},
    "submit_button": {"text": "选好了", "key": "go"},
    "task_id": "t-2",
}


def sent(corp: Corp, card: dict[str, Any], user: str) -> dict[str, Any]:
    agent = corp.identity.agent_id
    message = {"msgtype": "template_card", "template_card": card}
    return direct.send(corp, {"touser": user, "agentid": agent, **message})


def somebody(corp: Corp) -> str:
    return next(iter(corp.people.values())).userid


@pytest.mark.parametrize(
    "changed",
    [
        {"button_list": []},
        {"button_list": [{"text": str(n), "key": str(n)} for n in range(7)]},
        {"button_list": [*BUTTONS, {"text": "又", "key": "yes"}]},
        {"button_list": [{"text": "长", "key": "长" * 400}]},
        {"button_list": [{"text": "", "key": "yes"}]},
        {"task_id": ""},
        {"task_id": "a b"},
        {"task_id": "x" * 129},
        {"card_type": "poster"},
    ],
)
def test_a_card_that_breaks_a_limit_is_refused(changed: dict[str, Any]) -> None:
    assert refusal(lambda: cards.read(CARD | changed)) == 40058


def test_a_card_needs_a_title() -> None:
    assert refusal(lambda: cards.read(CARD | {"main_title": {}})) == 40063


@pytest.mark.parametrize(
    "options",
    [[], [{"id": str(n), "text": "x"} for n in range(21)], [{"id": "1" * 129, "text": "x"}]],
)
def test_a_vote_has_one_to_twenty_options(options: list[dict[str, str]]) -> None:
    box = {"question_key": "q", "option_list": options}

    assert refusal(lambda: cards.read(VOTE | {"checkbox": box})) == 40058
    assert cards.read(VOTE).options == (("西湖", "1"),)


def test_a_task_id_is_good_for_one_card() -> None:
    corp = a_corp()
    user = somebody(corp)
    sent(corp, CARD, user)

    assert refusal(lambda: sent(corp, CARD | {"button_list": BUTTONS[:1]}, user)) == 40058
    assert len([each for each in corp.transcript if each["kind"] == "dm"]) == 1


def test_a_response_code_replaces_a_card_once_and_within_three_days() -> None:
    clock = Clock()
    corp = a_corp(clock)
    user = somebody(corp)
    agent = corp.identity.agent_id
    code = sent(corp, CARD, user)["response_code"]
    body = {"agentid": agent, "userids": [user], "response_code": code}
    closed = {**body, "button": {"replace_name": "已办"}}

    assert refusal(lambda: direct.update_card(corp, body)) == 40063
    assert direct.update_card(corp, closed) == {}
    assert corp.cards.find("t-1").face_of(user).buttons == ()  # type: ignore[union-attr] # it is there
    assert refusal(lambda: direct.update_card(corp, closed)) == 40058

    late = sent(corp, CARD | {"task_id": "t-3"}, user)["response_code"]
    clock.pass_ms(72 * HOUR)
    assert refusal(lambda: direct.update_card(corp, {**closed, "response_code": late})) == 40058


def test_a_press_on_the_link_takes_a_card_of_its_task_id_and_nothing_else() -> None:
    corp = a_corp()
    user = somebody(corp)
    said = Conversations(corp)
    corp.cards.keep(cards.read(CARD), sender="aibot", chatid="", to=(user,))
    asked = said.asked("", user, pressed="t-1")
    update = {"response_type": "update_template_card", "userids": [user], "template_card": CARD}
    other = update | {"template_card": CARD | {"task_id": "t-9"}}
    words = {"msgtype": "markdown", "markdown": {"content": "好"}}

    assert refusal(lambda: said.respond(asked, words)) == 846605
    assert refusal(lambda: said.update(asked, other)) == 40058
    said.update(asked, update)
    assert refusal(lambda: said.update(asked, update)) == 846605
