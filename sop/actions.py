"""What shall be done or was decided: one value a line, the same in a rehearsal and in the outbox.

`do` says which kind. Delivered kinds go out through a channel or to staff; noted kinds only
record a decision. People are person ids here; names and platform ids are filled in at the edge.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sop.frozen import quick

Do = Literal[
    "post",
    "dm",
    "reply",
    "remove",
    "add",
    "create",
    "fetch_roster",
    "reckon",
    "task",
    "points",
    "strike",
    "layer",
    "level",
    "leader",
    "owner",
    "held",
    "dropped",
    "reveal",
    "error",
]

DELIVERED: frozenset[Do] = frozenset(
    {"post", "dm", "reply", "remove", "add", "create", "fetch_roster"}
)


@quick
@dataclass(frozen=True, slots=True)
class Button:
    """A button under words: what stands on it, and the command that pressing it gives.

    Buttons `of` the same thing answer it together: none of them is left once one is pressed.
    """

    label: str
    says: str
    of: str = ""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One line of an outcome; only the fields its `do` needs are set.

    do: post (to a group), dm (to a person), reply (to the message that caused it), remove and
        add (`member` out of or into `group`), create (the group), fetch_roster, reckon (figures,
        outside of the writer, see `wish`), task (a human's), or a noted kind (points, strike,
        layer, level, leader, owner, held, dropped, error).
    to: whom it reaches: a person id as text, `owner`, `staff`; empty for the group itself.
    mention: person ids as text, or (`all`,).
    member: the person it is about, as text.
    beside: a removal is done only while the member is in one of these groups, too.
    standing: what points add to the score, where they are booked.
    private: a reply that must not be read by the group.
    confidential: not even staff may learn of it, so that they never pass it on by hand.
    reason: why, in one machine word (quiet, budget, cap, batch, observe, ...); `why`: with
        figures, for who looks into it.
    picture: what the program draws when the words have gone out, and sends after them where images
        are carried: `kind` and the strings and numbers that kind needs. The words say it all.
    buttons: what may be pressed under the words where the channel has cards; the words name the
        commands, too.
    wish: what is to be reckoned, as the event that brings it will say it.
    due_at: a task's deadline; expires_at: after it a delivery is worthless and is dropped;
        not_before: a delivery waits for it.
    """

    do: Do
    group: str = ""
    to: str = ""
    text: str = ""
    mention: tuple[str, ...] = ()
    step: str = ""
    rule: str = ""
    member: str = ""
    points: int | None = None
    standing: int = 0
    deed: str = ""
    reason: str = ""
    why: str = ""
    image: str = ""
    file: str = ""
    picture: Mapping[str, Any] = field(default_factory=dict, hash=False)
    buttons: tuple[Button, ...] = ()
    wish: Mapping[str, Any] = field(default_factory=dict, hash=False)
    private: bool = False
    confidential: bool = False
    due_at: int | None = None
    expires_at: int | None = None
    not_before: int = 0
    members: tuple[str, ...] = field(default=())
    beside: tuple[str, ...] = ()
