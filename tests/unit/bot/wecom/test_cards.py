from bot.channels.wecom import cards
from bot.channels.wecom.attempts import Delivery
from sop.actions import Button

BUTTONS = (Button("同意", "同意 7"), Button("不同意", "拒绝 7"))


def delivery(text: str, *, chat_id: str = "", channel: str = "app") -> Delivery:
    return Delivery(
        do="dm", channel=channel, chat_id=chat_id, text=text, buttons=BUTTONS, card="c-7"
    )


def test_a_card_divides_short_words_after_a_clause() -> None:
    words = "建议请 李四 进核心群：近 30 天有分享。同意发「同意 7」，否则「拒绝 7」。"
    card = cards.card(delivery(words))

    assert card == {
        "card_type": "button_interaction",
        "main_title": {"title": "建议请 李四 进核心群：近 30 天有分享。"},
        "sub_title_text": "同意发「同意 7」，否则「拒绝 7」。",
        "button_list": [
            {"text": "同意", "style": 1, "key": "同意 7"},
            {"text": "不同意", "style": 2, "key": "拒绝 7"},
        ],
        "task_id": "c-7",
    }


def test_a_card_says_everything_to_one_person_in_few_and_plain_words() -> None:
    assert cards.holds_all(delivery("好。" * 69))
    assert not cards.holds_all(delivery("好。" * 70))
    assert not cards.holds_all(delivery("看 https://example.com"))
    assert not cards.holds_all(delivery("请 <@li> 看"))
    assert not cards.holds_all(delivery("好", chat_id="wrk1", channel="link"))


def test_a_card_without_a_short_clause_has_a_title_of_its_own() -> None:
    card = cards.made("字" * 40, BUTTONS, "c-7")

    assert (card["main_title"], card["sub_title_text"]) == ({"title": "请点一下"}, "字" * 40)


def test_a_card_takes_six_buttons_of_different_keys_within_wecoms_length() -> None:
    many = [Button(f"第{number}个", f"赞 {number}") for number in range(9)]
    twins = [
        Button("一", "赞 1"),
        Button("二", "赞 1"),
        Button("长", "赞" * 400),
        Button("空", ""),
    ]

    assert len(cards.made("好", many, "c-7")["button_list"]) == 6  # type: ignore[arg-type] # a list
    assert cards.made("好", twins, "c-7")["button_list"] == [
        {"text": "一", "style": 1, "key": "赞 1"}
    ]


def test_channels_without_cards_have_no_buttons() -> None:
    assert [cards.able(delivery("好", channel=name)) for name in ("app", "link", "appchat")] == [
        True, True, False,
    ]  # fmt: skip


def test_a_pressed_card_keeps_its_words_and_says_what_was_pressed() -> None:
    card = cards.pressed("请看一下。", "同意 7", "c-7")

    assert card["main_title"] == {"title": "请看一下。"}
    assert card["button_list"] == [{"text": "已发 同意 7", "style": 1, "key": "同意 7"}]
