"""Uploads: kept by name and size for three days, so that messages can hold them."""

import secrets
from typing import Any

from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.limits import DAY
from bot.channels.sandbox.model import Media, Refused

# Every kind's largest size in bytes; each needs more than 5 (wecom-protocol.md 5.1, 6.6).
LARGEST = {"image": 10 << 20, "video": 10 << 20, "voice": 2 << 20, "file": 20 << 20}
SMALLEST = 6


def upload(corp: Corp, kind: str, filename: str, data: bytes) -> dict[str, Any]:
    """Keep a file; its media_id is good for messages until it is three days old."""
    if kind not in LARGEST:
        raise Refused(40008, "type")
    if not filename or len(data) < SMALLEST:
        raise Refused(44001)
    if len(data) > LARGEST[kind]:
        raise Refused(45001)
    made = Media(
        media_id=secrets.token_urlsafe(32),
        kind=kind,
        filename=filename,
        size=len(data),
        expires_at=corp.now() + 3 * DAY,
        picture=corp.keep_picture(data) if kind == "image" else "",
    )
    corp.media[made.media_id] = made
    return {"type": kind, "media_id": made.media_id, "created_at": str(corp.now() // 1000)}
