"""How commands answer: openly, in private, or in a way that a group may read over the shoulder."""

from typing import Final

from handlers.ports import Context, Outcome
from sop import channels
from sop.actions import Action, Button
from sop.events import MessageReceived
from sop.frozen import replace
from sop.texts import text

EXCERPT: Final = 200
"""Characters of somebody's text that are repeated to others."""

_WIDE_OFFSET: Final = 0xFEE0
_TURNING: Final = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_HARMLESS: Final = {
    **{ord(c): chr(ord(c) + _WIDE_OFFSET) for c in "<>@`[]"},
    **dict.fromkeys(_TURNING, ""),
}
"""What WeCom's texts read as links, mentions and markup becomes its full-width twin; signs that
turn the direction of the words around them are left out."""


def openly(words: str, buttons: tuple[Button, ...] = ()) -> Action:
    """Answer where the message was said."""
    return Action(do="reply", text=words, buttons=buttons)


def privately(words: str, file: str = "", buttons: tuple[Button, ...] = ()) -> Action:
    """Answer the sender alone; where that is impossible the outbox says how to ask in private."""
    return Action(do="reply", text=words, file=file, buttons=buttons, private=True)


def discreetly(
    event: MessageReceived, context: Context, words: str, buttons: tuple[Button, ...] = ()
) -> Action:
    """Say that something was done, in private if possible, else without saying what or to whom.

    For what was done already: asking for it again in private would do it twice.
    """
    if can_whisper(event, context):
        return privately(words, buttons=buttons)
    return openly(text("commands.noted"))


def confidential(action: Action) -> Action:
    """Keep an answer from staff, too: where it cannot be delivered nobody is to pass it on."""
    return replace(action, confidential=True)


def aside(event: MessageReceived, context: Context, words: str) -> Action:
    """Answer the sender alone where that is possible, else before all: it may be read by them."""
    return privately(words) if can_whisper(event, context) else openly(words)


def aloud(action: Action) -> Action:
    """Let an answer be read by all that nobody is the worse for."""
    return replace(action, private=False) if action.private else action


def can_whisper(event: MessageReceived, context: Context) -> bool:
    """Tell whether an answer can reach the sender alone."""
    group = context.group
    return not event.group or group is None or channels.can(group.channels, "dm")


def stopping(*actions: Action) -> Outcome:
    """Return the outcome of a command: later routes are skipped."""
    return Outcome(actions, stop=True)


def excerpt(said: str, length: int = EXCERPT) -> str:
    """Return the beginning of somebody's text in one line, unable to link or mention."""
    line = " ".join(said[: 4 * length].split()).translate(_HARMLESS)
    return line if len(line) <= length else line[: length - 1] + "…"
