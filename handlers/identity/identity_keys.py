"""What has somebody in its key, of which each has few: badges, likes given, comments, a voice.

It is put under another's key when two are found to be one; of two with the same key one stays.
"""

from collections import Counter as Counted
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from typing import Any, Final, cast

from handlers.identity.identity_likes import likelier
from handlers.identity.identity_rows import Move, renamed, restored
from sop.activities import admissions
from sop.model import (
    BadgeHeld,
    Ballot,
    CircleMember,
    CleanUpNotice,
    Comment,
    Enrolment,
    Invitation,
    Leader,
    LevelReached,
    Like,
    Newcomer,
    Record,
    SegmentSpell,
    Signup,
    Thread,
    ThreadReply,
    Voice,
    Volunteer,
)


def _earlier(own: Any, other: Any) -> Any:
    return min(own, other, key=lambda each: each.at)


_STANDING: Final = ("in", "waiting", "noted", "walked", "gone")


def _better(own: Signup, other: Signup) -> Signup:
    """Keep the better of two places in a list, and that one of both was seen."""
    kept = min(own, other, key=lambda each: (_STANDING.index(each.status), each.number))
    return replace(kept, came_at=max(own.came_at, other.came_at))


def _stays(own: CleanUpNotice, other: CleanUpNotice) -> CleanUpNotice:
    """Let stay who said anything under either id."""
    return min(own, other, key=lambda each: each.status != "stayed")


def _admitted(own: Newcomer, other: Newcomer) -> Newcomer:
    return max(own, other, key=lambda each: admissions.STATUSES.index(each.status))


_WAY: Final = ("refused", "ended", "applied", "voting", "probation", "serving")


def _further(own: Leader, other: Leader) -> Leader:
    """Keep who has come further on the way of leaders, and then longer."""
    return max(own, other, key=lambda each: (_WAY.index(each.status), -each.since))


def _longer(own: Volunteer, other: Volunteer) -> Volunteer:
    return max(own, other, key=lambda each: (each.status == "serving", each.until))


def _still_in(own: CircleMember, other: CircleMember) -> CircleMember:
    return min(own, other, key=lambda each: (each.left_at > 0, each.at))


def _until_both_end(own: SegmentSpell, other: SegmentSpell) -> SegmentSpell:
    return replace(own, until=min(own.until, other.until))


STATUSES: Final = ("left", "active", "completed")
"""How far somebody is in a challenge, the least first."""


def _one_enrolment(own: Enrolment, other: Enrolment) -> Enrolment:
    """A day is done if either did it; what was made up may have been the same day."""
    return replace(
        own,
        joined=min(own.joined, other.joined),
        days=tuple(sorted({*own.days, *other.days})),
        made_up=max(own.made_up, other.made_up),
        team=own.team or other.team,
        status=max(own.status, other.status, key=STATUSES.index),
    )


def _one_voice(own: Voice, other: Voice) -> Voice:
    """Add up what two people's likes weigh and brought; nobody vouches for themselves."""
    recent = Counted(dict(own.recent))
    recent.update(dict(other.recent))
    vouchers = dict.fromkeys((*own.vouchers, *other.vouchers))
    sums = {name: getattr(own, name) + getattr(other, name) for name in _SUMS}
    return replace(
        own,
        vouched=own.vouched or other.vouched,
        vouchers=tuple(each for each in vouchers if each not in (own.person, other.person)),
        recent=tuple(sorted(recent.items())),
        last_at=max(own.last_at, other.last_at),
        cleared_until=max(own.cleared_until, other.cleared_until),
        **sums,
    )


_SUMS: Final = ("given", "given_paid", "received", "received_paid")

Keyed = tuple[str, Callable[[Any, Any], Any]]

KEYED: Final[Mapping[type[Record], Keyed]] = {
    BadgeHeld: ("person", _earlier),
    LevelReached: ("person", _earlier),
    Newcomer: ("person", _admitted),
    CleanUpNotice: ("person", _stays),
    SegmentSpell: ("person", _until_both_end),
    Comment: ("person", _earlier),
    Like: ("giver", likelier),
    Voice: ("person", _one_voice),
    ThreadReply: ("person", _earlier),
    Enrolment: ("person", _one_enrolment),
    Invitation: ("guest", _earlier),
    Signup: ("person", _better),
    Leader: ("person", _further),
    Volunteer: ("person", _longer),
    CircleMember: ("person", _still_in),
}
"""Kinds with a person in their key: the field, and what becomes of two with the same key."""


def take_keyed(move: Move) -> dict[str, Any]:
    """Put what has the person in its key under the other's; it is told as it was."""
    return {kind.__name__: _taken_all(move, kind) for kind in KEYED}


def _taken_all(move: Move, kind: type[Record]) -> list[dict[str, Any]]:
    told = [_taken(move, record) for record in _FOUND.get(kind, _theirs_of)(move, kind)]
    for each in told:
        move.store.remove(kind, **{name: each["theirs"][name] for name in kind.KEY})
    return told


def _theirs_of(move: Move, kind: type[Record]) -> Sequence[Record]:
    named: dict[str, Any] = {KEYED[kind][0]: move.gone}
    return move.store.find(kind, community=move.community, **named)


def _replies(move: Move, kind: type[Record]) -> Sequence[Record]:
    """Somebody has one reply in a thread that is open, under whatever id they gave it."""
    threads = move.store.find(Thread, community=move.community, status="open")
    known = [move.store.get(kind, move.community, each.id, move.gone) for each in threads]
    return [reply for reply in known if reply is not None]


_FOUND: Final[Mapping[type[Record], Callable[[Move, type[Record]], Sequence[Record]]]] = {
    ThreadReply: _replies
}


def take_ballots(move: Move) -> None:
    """Let the later of two ballots in an open vote be the person's.

    Nothing is told of it, and a split gives none back: nobody shall learn of it who chose what.
    """
    for vote in move.store.find(Thread, community=move.community, status="open", kind="vote"):
        theirs = move.store.get(Ballot, move.community, vote.id, move.gone)
        own = move.store.get(Ballot, move.community, vote.id, move.into)
        if theirs is not None:
            move.store.put(replace(_later(own or theirs, theirs), person=move.into))
            where = dict(zip(Ballot.KEY, theirs.key, strict=True))
            move.store.remove(Ballot, **where)


def _later(own: Ballot, other: Ballot) -> Ballot:
    return max(own, other, key=lambda each: each.at)


def keep_ballots(_move: Move, _told: None) -> None:
    """Leave ballots with the person they were made one with."""


def _taken(move: Move, record: Record) -> dict[str, Any]:
    """Put one record under the other's key; returns all of them as they were and are."""
    kind = type(record)
    field, chosen = KEYED[kind]
    moved = renamed(record, field, move.into)
    own = move.store.get(kind, *moved.key)
    if own is not None:
        moved = renamed(chosen(own, record), field, move.into)
    move.store.put(moved)
    return {
        "theirs": asdict(cast("Any", record)),
        "own": asdict(cast("Any", own)) if own is not None else None,
        "whole": asdict(cast("Any", moved)),
    }


def give_keyed_back(move: Move, told: Mapping[str, Any]) -> None:
    """Put back what was somebody's, as it was; what happened since stays with the other."""
    for kind in KEYED:
        for each in told.get(kind.__name__, ()):
            _given_back(move, kind, each)


def _given_back(move: Move, kind: type[Record], told: Mapping[str, Any]) -> None:
    theirs, whole = restored(kind, told["theirs"]), restored(kind, told["whole"])
    now = move.store.get(kind, *whole.key) or whole
    if told["own"] is None:
        move.store.remove(kind, **dict(zip(whole.KEY, whole.key, strict=True)))
    else:
        move.store.put(_less(now, restored(kind, told["own"]), whole))
    move.store.put(_followed(theirs, now, whole))


def _less(now: Any, own: Any, whole: Any) -> Any:
    """Return the record as it was before, with what has been counted in it since."""
    if isinstance(now, Enrolment):
        since = {*now.days} - {*whole.days}
        made_up = own.made_up + now.made_up - whole.made_up
        return replace(own, days=tuple(sorted({*own.days, *since})), made_up=made_up)
    if not isinstance(now, Voice):
        return _followed(own, now, whole)
    changes: dict[str, Any] = {}
    for field in fields(now):
        before, made, since = (getattr(each, field.name) for each in (own, whole, now))
        more = field.name in _SUMS
        # What was the other's and is gone since leaves nothing less than nothing.
        rest = max(0, before + since - made) if more else since
        changes[field.name] = before if since == made else rest
    return replace(now, **changes)


def _followed(before: Any, now: Any, whole: Any) -> Any:
    """Return a like as it was, unless it is the one taken back or settled since."""
    if not isinstance(before, Like) or replace(before, giver=whole.giver) != whole:
        return before
    return replace(before, status=now.status)
