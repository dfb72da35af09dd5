"""What a self-built app hears (wecom-protocol.md 2.1, 2.2) and how repeats are told (1.4)."""

import pytest

from bot.channels.wecom.heard import Heard, Unusable
from bot.channels.wecom.payloads import parse_xml
from bot.channels.wecom.translate import heard_from_app
from sop.events import ReplyRoute

CORP = "ww0123456789abcdef"


def app(body: str, sender: str = "zhang.san", created: str = "1760000123") -> Heard:
    return heard_from_app(
        parse_xml(
            f"<xml><ToUserName>{CORP}</ToUserName><FromUserName>{sender}</FromUserName>"
            f"<CreateTime>{created}</CreateTime><AgentID>1000002</AgentID>{body}</xml>"
        )
    )


def event(
    name: str, body: str = "", sender: str = "zhang.san", created: str = "1760000123"
) -> Heard:
    return app(f"<MsgType>event</MsgType><Event>{name}</Event>{body}", sender, created)


def chat_change(members: str, version: str = "d4e5f6", chat: str = "wrEXAMPLEgroup01") -> Heard:
    return event(
        "change_external_chat",
        f"<ChatId>{chat}</ChatId><ChangeType>update</ChangeType>"
        "<UpdateDetail>add_member</UpdateDetail><JoinScene>3</JoinScene>"
        f"<MemChangeCnt>2</MemChangeCnt><MemChangeList>{members}</MemChangeList>"
        f"<LastMemVer>a1b2c3</LastMemVer><CurMemVer>{version}</CurMemVer>",
        sender="sys",
    )


def test_a_private_message_carries_all_that_wecom_tells() -> None:
    heard = app(
        "<MsgType>text</MsgType><Content>@Helper 签到</Content><MsgId>4561255354251345929</MsgId>"
    )

    assert heard == Heard(
        surface="app",
        kind="message",
        key="app:4561255354251345929",
        message_id="4561255354251345929",
        sender="zhang.san",
        text="@Helper 签到",
        created_at=1_760_000_123_000,
        route=ReplyRoute(waiting=True),
    )


@pytest.mark.parametrize(
    ("body", "text", "has_image"),
    [
        ("<MsgType>image</MsgType><PicUrl>u</PicUrl>", "", True),
        ("<MsgType>voice</MsgType><MediaId>m</MediaId><Format>amr</Format>", "", False),
        ("<MsgType>video</MsgType><MediaId>m</MediaId>", "", False),
        ("<MsgType>location</MsgType><Label>人民公园</Label>", "人民公园", False),
        (
            "<MsgType>link</MsgType><Title>标题</Title><Url>https://example.com</Url>",
            "标题\nhttps://example.com",
            False,
        ),
        ("<MsgType>text</MsgType><Content></Content>", "", False),
    ],
)
def test_each_kind_of_message_becomes_text(body: str, text: str, *, has_image: bool) -> None:
    heard = app(body + "<MsgId>1</MsgId>")

    assert (heard.kind, heard.text, heard.has_image) == ("message", text, has_image)


def test_a_picture_sent_to_the_app_is_not_encrypted() -> None:
    heard = app("<MsgType>image</MsgType><PicUrl>http://p.qpic.cn/1</PicUrl><MsgId>1</MsgId>")

    assert heard.images == (("http://p.qpic.cn/1", None),)


@pytest.mark.parametrize(
    "several", ["<Item>wmEXTERNAL1</Item><Item>li.si</Item>", "wmEXTERNAL1,li.si"]
)
def test_a_customer_groups_change_lists_its_members_in_old_and_new_form(several: str) -> None:
    heard = chat_change(several)

    assert (heard.kind, heard.chat_id, heard.sender) == ("event", "wrEXAMPLEgroup01", "sys")
    assert heard.fields == {
        "chat_id": "wrEXAMPLEgroup01",
        "change_type": "update",
        "update_detail": "add_member",
        "join_scene": "3",
        "mem_change_cnt": "2",
        "mem_change_list": ("wmEXTERNAL1", "li.si"),
        "last_mem_ver": "a1b2c3",
        "cur_mem_ver": "d4e5f6",
    }
    assert not heard.route.waiting


@pytest.mark.parametrize(
    ("members", "listed"),
    [("<Item>wmONE</Item>", ("wmONE",)), ("wmONE", ("wmONE",)), ("", ()), ("<Item/>", ())],
)
def test_one_member_or_none_is_a_tuple_too(members: str, listed: tuple[str, ...]) -> None:
    assert chat_change(members).fields["mem_change_list"] == listed


def test_a_pressed_card_tells_what_was_chosen() -> None:
    heard = event(
        "template_card_event",
        "<EventKey>ok</EventKey><TaskId>t-5</TaskId><CardType>vote_interaction</CardType>"
        "<ResponseCode>RC</ResponseCode><SelectedItems><SelectedItem><QuestionKey>q1</QuestionKey>"
        "<OptionIds><OptionId>a</OptionId><OptionId>b</OptionId></OptionIds></SelectedItem>"
        "<SelectedItem><QuestionKey>q2</QuestionKey><OptionIds><OptionId>c</OptionId></OptionIds>"
        "</SelectedItem></SelectedItems>",
    )

    assert heard.fields["event_key"] == "ok"
    assert (heard.fields["selected.q1"], heard.fields["selected.q2"]) == (("a", "b"), ("c",))


@pytest.mark.parametrize(
    ("name", "waiting"),
    [
        ("subscribe", True),
        ("enter_agent", True),
        ("LOCATION", True),
        ("unsubscribe", False),
        ("change_contact", False),
        ("msgaudit_notify", False),
    ],
)
def test_only_some_events_can_be_answered_at_once(name: str, *, waiting: bool) -> None:
    heard = event(name)

    assert (heard.kind, heard.event) == ("event", name.lower())
    assert heard.route.waiting is waiting


def test_a_new_customers_welcome_code_is_told() -> None:
    heard = event(
        "change_external_contact",
        "<ChangeType>add_external_contact</ChangeType><UserID>li.si</UserID>"
        "<ExternalUserID>wmE</ExternalUserID><WelcomeCode>W</WelcomeCode>",
    )

    assert heard.fields["external_user_id"] == "wmE"
    assert heard.fields["welcome_code"] == "W"


def test_a_retried_event_has_the_same_key() -> None:
    assert chat_change("<Item>a</Item>").key == chat_change("<Item>a</Item>").key


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(chat_change("<Item>a</Item>", version="next"), id="version"),
        pytest.param(chat_change("<Item>b</Item>"), id="members"),
        pytest.param(chat_change("<Item>a</Item>", chat="wrOTHER"), id="group"),
        pytest.param(event("subscribe", sender="sys"), id="event"),
    ],
)
def test_events_of_one_sender_and_second_that_differ_are_told_apart(other: Heard) -> None:
    assert chat_change("<Item>a</Item>").key != other.key


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (event("enter_agent"), event("enter_agent", sender="li.si")),
        (event("enter_agent"), event("enter_agent", created="1760000124")),
        (
            event("change_contact", "<UserID>a</UserID>", sender="sys"),
            event("change_contact", "<UserID>b</UserID>", sender="sys"),
        ),
        (
            event("batch_job_result", "<BatchJob><JobId>1</JobId></BatchJob>", sender="sys"),
            event("batch_job_result", "<BatchJob><JobId>2</JobId></BatchJob>", sender="sys"),
        ),
    ],
)
def test_bulk_events_do_not_swallow_each_other(one: Heard, two: Heard) -> None:
    assert one.key != two.key


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<MsgType>text</MsgType><Content>hi</Content>", "no id"),
        ("<MsgType>text</MsgType><MsgId>1</MsgId><MsgId>2</MsgId>", "no id"),
        ("<MsgType>text</MsgType><MsgId>1</MsgId><FromUserName>b</FromUserName>", "no sender"),
        ("<MsgType>event</MsgType><Event>subscribe</Event><CreateTime/>", "no time"),
        ("<MsgType>event</MsgType><Event>change_external_chat</Event>", "no group"),
    ],
)
def test_what_lacks_id_sender_time_or_group_is_unusable(body: str, reason: str) -> None:
    with pytest.raises(Unusable) as caught:
        app(body)

    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "body", ["", "<MsgType>hologram</MsgType>", "<MsgType>event</MsgType><Event>eclipse</Event>"]
)
def test_an_unknown_type_is_ignored(body: str) -> None:
    assert app(body).kind == "ignored"
