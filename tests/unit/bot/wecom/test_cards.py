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
    card = cards.message(delivery(words))["template_card"]

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
    card = cards.made("字" * 40, BUTTONS, "c-7", whole=True)

    assert (card["main_title"], card["sub_title_text"]) == ({"title": "请点一下"}, "字" * 40)


def test_a_title_parts_nothing_that_belongs_together() -> None:
    words = (
        "有人请你们看看「晨读社」里的一条消息（判断：没有碰到群规）：读完了。看过后发「完成 1」。"
    )
    said = "小林问「去哪，几点？」，请回。" + "好" * 20

    assert cards.made(words, BUTTONS, "c-7", whole=True)["main_title"] == {"title": "请点一下"}
    assert cards.made(said, BUTTONS, "c-7", whole=True)["main_title"] == {
        "title": "小林问「去哪，几点？」，请回。"
    }


def test_a_card_takes_six_buttons_of_different_keys_within_wecoms_length() -> None:
    many = [Button(f"第{number}个", f"赞{number} 这") for number in range(9)]
    twins = [
        Button("一", "赞 1"),
        Button("二", "赞 1"),
        Button("长", "赞" * 400),
        Button("空", ""),
    ]

    assert len(cards.made("好", many, "c-7", whole=True)["button_list"]) == 6  # type: ignore[arg-type] # a list
    assert cards.made("好", twins, "c-7", whole=True)["button_list"] == [
        {"text": "一", "style": 1, "key": "赞 1"}
    ]


def test_one_of_many_is_chosen_on_a_card_of_its_own_kind() -> None:
    many = [Button(f"第{number}家", f"投票 晚饭 {number}") for number in range(1, 8)]
    card = cards.made("好", many, "c-7", whole=True)

    assert card["card_type"] == "vote_interaction"
    assert card["submit_button"] == {"text": "选好了", "key": "投票 晚饭"}
    assert card["checkbox"]["option_list"][-1] == {"id": "7", "text": "第7家"}  # type: ignore[index] # a dict


def test_channels_without_cards_have_no_buttons() -> None:
    assert [cards.able(delivery("好", channel=name)) for name in ("app", "link", "appchat")] == [
        True, True, False,
    ]  # fmt: skip


def test_a_pressed_card_keeps_its_words_and_says_what_was_pressed() -> None:
    card, mark = cards.pressed("请看一下。", BUTTONS, "同意 7", "c-7", whole=True)

    assert (card["main_title"], mark) == ({"title": "请看一下。"}, "✓ 同意")
    assert card["button_list"] == [{"text": "✓ 同意", "style": 1, "key": "同意 7"}]


def test_what_is_of_another_thing_can_still_be_pressed() -> None:
    several = (
        Button("照办 1", "建议 1 同意", "1"),
        Button("不用 1", "建议 1 拒绝", "1"),
        Button("照办 2", "建议 2 同意", "2"),
    )
    card, _ = cards.pressed("请看一下。", several, "建议 1 拒绝", "c-7", whole=True)

    assert [each["text"] for each in card["button_list"]] == ["✓ 不用 1", "照办 2"]  # type: ignore[attr-defined] # a list
    assert cards.is_open(card)


def test_a_card_of_which_nothing_is_kept_says_the_command() -> None:
    card, mark = cards.pressed("", (), "同意 7", "c-7", whole=True)

    assert (card["main_title"], mark) == ({"title": "同意 7"}, "✓ 同意 7")
    assert not cards.is_open(card)


def test_words_that_are_said_beside_a_card_are_not_said_on_it_again() -> None:
    group = delivery("周末去哪，开始投票。\n1. 西湖\n2. 龙井", chat_id="wrk1", channel="link")

    assert cards.message(group)["template_card"].keys() == {  # type: ignore[attr-defined] # a card
        "card_type", "main_title", "button_list", "task_id",
    }  # fmt: skip
