"""Whatever shape a rightly signed payload has, translating it fails in one way only."""

from collections.abc import Callable
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wecom.heard import Heard, Unusable
from bot.channels.wecom.translate import heard_from_aibot, heard_from_app, heard_from_robot

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["text", "event", "mixed", "image", "stream", "attachment", "enter_chat"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["content", "userid", "msg_item", "msgtype", "text", "eventtype", "id", "Item", "name"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip
KEYS = st.sampled_from(
    ["msgid", "msgtype", "chattype", "chatid", "from", "text", "mixed", "event", "quote", "stream",
     "MsgType", "MsgId", "Event", "FromUserName", "CreateTime", "ChatId", "From", "Attachment",
     "MemChangeList", "SelectedItems", "mixed_message", "attachment", "create_time"]
)  # fmt: skip


@pytest.mark.parametrize("translate", [heard_from_aibot, heard_from_robot, heard_from_app])
def test_no_shape_raises_anything_but_unusable(
    translate: Callable[[dict[str, object]], Heard],
) -> None:
    @given(st.dictionaries(KEYS, VALUES, max_size=8))
    def any_shape(payload: dict[str, object]) -> None:
        try:
            heard = translate(payload)
        except Unusable:
            return
        assert heard.kind == "ignored" or heard.key
        assert str(asdict(heard)).encode()

    any_shape()
