"""What the group robot hears, in XML and in JSON (wecom-protocol.md 5.2)."""

import pytest

from bot.channels.wecom.heard import Heard
from bot.channels.wecom.payloads import parse
from bot.channels.wecom.translate import heard_from_robot
from sop.events import ReplyRoute

WEBHOOK_URL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=KEY-EXAMPLE"
INFO_URL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/get_chat_info?code=C0DE"
ROBOT_XML = f"""<xml>
  <WebhookUrl><![CDATA[{WEBHOOK_URL}]]></WebhookUrl>
  <ChatId><![CDATA[wrkEXAMPLE01]]></ChatId><ChatType>group</ChatType>
  <MsgId><![CDATA[CIEXAMPLE7]]></MsgId>
  <GetChatInfoUrl><![CDATA[{INFO_URL}]]></GetChatInfoUrl>
  <From><UserId>T100</UserId><Name><![CDATA[Zhang San]]></Name><Alias>zhangsan</Alias></From>
  %s
</xml>"""
TEXT_XML = "<MsgType>text</MsgType><Text><Content><![CDATA[@Helper rules]]></Content></Text>"


def robot_json(**changes: object) -> dict[str, object]:
    message: dict[str, object] = {
        "webhook_url": WEBHOOK_URL,
        "get_chat_info_url": INFO_URL,
        "msgid": "CIEXAMPLE7",
        "chatid": "wrkEXAMPLE01",
        "chattype": "group",
        "from": {"userid": "T100", "name": "Zhang San", "alias": "zhangsan"},
        "msgtype": "text",
        "text": {"content": "@Helper rules"},
    }
    return message | changes


@pytest.mark.parametrize(
    "payload",
    [pytest.param(parse(ROBOT_XML % TEXT_XML), id="XML"), pytest.param(robot_json(), id="JSON")],
)
def test_a_robot_message_reads_alike_in_both_forms(payload: dict[str, object]) -> None:
    assert heard_from_robot(payload) == Heard(
        surface="robot",
        kind="message",
        key="robot:CIEXAMPLE7",
        message_id="CIEXAMPLE7",
        chat_id="wrkEXAMPLE01",
        sender="T100",
        name="Zhang San",
        text="rules",
        mentions_bot=True,
        route=ReplyRoute(waiting=True, webhook_url=WEBHOOK_URL),
        fields={"chat_info_url": INFO_URL},
    )


MIXED_XML = """<MsgType>mixed</MsgType><MixedMessage>
  <MsgItem><MsgType>text</MsgType><Text><Content>@Helper look</Content></Text></MsgItem>
  <MsgItem><MsgType>image</MsgType><Image><ImageUrl>u</ImageUrl></Image></MsgItem>
</MixedMessage>"""
MIXED_JSON = {
    "msg_item": [
        {"msgtype": "text", "text": {"content": "@Helper look"}},
        {"msgtype": "image", "image": {"image_url": "u"}},
    ]
}


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(parse(ROBOT_XML % MIXED_XML), id="XML"),
        pytest.param(robot_json(msgtype="mixed", mixed_message=MIXED_JSON), id="JSON"),
    ],
)
def test_a_mixed_robot_message_is_text_with_an_image(payload: dict[str, object]) -> None:
    heard = heard_from_robot(payload)

    assert (heard.text, heard.has_image) == ("look", True)


BUTTON_XML = """<MsgType>attachment</MsgType><Attachment><CallbackId>vote</CallbackId>
  <Actions><Name>b1</Name><Value>yes</Value><Type>button</Type></Actions></Attachment>"""
BUTTON_JSON = {"callbackid": "vote", "actions": [{"name": "b1", "value": "yes", "type": "button"}]}


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(parse(ROBOT_XML % BUTTON_XML), id="XML"),
        pytest.param(robot_json(msgtype="attachment", attachment=BUTTON_JSON), id="JSON"),
    ],
)
def test_a_pressed_button_is_an_event(payload: dict[str, object]) -> None:
    heard = heard_from_robot(payload)

    assert (heard.kind, heard.event) == ("event", "attachment")
    assert (heard.fields["callback_id"], heard.fields["action.b1"]) == ("vote", "yes")


@pytest.mark.parametrize(
    ("name", "waiting"), [("add_to_chat", True), ("delete_from_chat", False), ("enter_chat", True)]
)
@pytest.mark.parametrize("family", ["xml", "json"])
def test_robot_events_are_heard_in_both_forms(name: str, family: str, *, waiting: bool) -> None:
    xml = f"<MsgType>event</MsgType><Event><EventType>{name}</EventType></Event>"
    json_form = robot_json(msgtype="event", event={"event_type": name})
    heard = heard_from_robot(parse(ROBOT_XML % xml) if family == "xml" else json_form)

    assert (heard.kind, heard.event, heard.chat_id) == ("event", name, "wrkEXAMPLE01")
    assert heard.route.waiting is waiting


def test_a_robot_command_has_no_known_shape_and_is_ignored() -> None:
    assert heard_from_robot(robot_json(msgtype="command")).kind == "ignored"


def test_a_robot_in_private_has_no_group() -> None:
    heard = heard_from_robot(robot_json(chattype="single"))

    assert (heard.chat_id, heard.text) == ("", "@Helper rules")
