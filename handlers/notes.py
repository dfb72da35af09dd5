"""Notes: decisions that are worth keeping and are no delivery."""

from collections.abc import Mapping
from typing import Any

from handlers.ports import Context
from sop.actions import Do
from sop.model import Note


def keep(context: Context, group: str, do: Do, body: Mapping[str, Any]) -> None:
    """Keep a note of what was decided now, under the community's next number."""
    context.store.put(
        Note(
            community=context.community,
            id=context.store.number(context.community, "note"),
            group=group,
            at=context.now,
            do=do,
            body=body,
        )
    )
