"""Entries given in everyday words: thanks to somebody, or a name put forward, with an @.

Only while the group has exactly one collection that wants them; else the words are talk. A quote
with thanks is a like of what is quoted.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from handlers.collections import collecting, taking
from handlers.ports import Context, Outcome
from handlers.threads import naming
from handlers.threads.open_threads import COLLECT
from sop.events import MessageReceived
from sop.model import Thread
from sop.yaml import yaml_source


def hear(event: MessageReceived, context: Context) -> Outcome:
    """Take such words for an entry of the only collection that they can be for."""
    group = context.group
    if group is None or context.person is None or event.quote or event.quote_id:
        return Outcome()
    if not any(kind == COLLECT for _, kind in group.threads):
        return Outcome()
    said = event.text.strip()
    for wanted, words in _words().items():
        rest = next((said[len(each) :].lstrip() for each in words if said.startswith(each)), "")
        if rest[:1] not in ("@", "\uff20") or not naming.points(event, context, rest):
            continue
        found = [
            each for each in collecting.open_now(context, group, event.at) if _is(each, wanted)
        ]
        if len(found) == 1:
            given = rest if wanted == collecting.NOMINATE else said
            return taking.take(event, context, group, found[0], given)
    return Outcome()


def _is(thread: Thread, wanted: str) -> bool:
    if thread.body["nominate"]:
        return wanted == collecting.NOMINATE
    return bool(thread.body["kind"] == wanted and not thread.body["anonymous"])


@cache
def _words() -> Mapping[str, Sequence[str]]:
    data: Any = yaml_source.load_packaged("entry_words.yaml")
    return {name: tuple(sorted(words, key=len, reverse=True)) for name, words in data.items()}
