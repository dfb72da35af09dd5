"""Messages that must not be kept: said in private, and never to be read by anybody."""

from dataclasses import replace
from typing import cast

from handlers.identity.identity_rows import Rewriting
from handlers.ports import Context
from sop.events import MessageReceived
from sop.model import Counter, Message


def forget(event: MessageReceived, context: Context) -> None:
    """Keep of the message at hand that it was said, and neither its words nor their mark."""
    last = context.store.get(Counter, context.community, "message")
    found = context.store.get(Message, context.community, last.value) if last else None
    if found is not None and found.message_id == event.message_id:
        bare = replace(found, text="", fingerprint="")
        cast("Rewriting", context.store).amend(Message, [bare])
