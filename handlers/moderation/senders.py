"""Who said it: what is known of a sender, asked for only where a text holds evidence already."""

from typing import Final

from handlers.moderation import raids
from handlers.people import people
from handlers.ports import Context
from sop.detectors import trust
from sop.detectors.detect_behaviour import LEAST_COPIED
from sop.detectors.verdicts import Utterance, Verdict
from sop.events import MessageReceived
from sop.model import BOT, Group, Member, Message, Person, Strike
from sop.times.durations import HOUR_MS

LATELY_MS: Final = HOUR_MS
"""How long ago somebody else's same text is looked for."""

MOST_COPIES: Final = 20
"""Messages of the same text looked at."""


def weighed(
    event: MessageReceived, context: Context, said: Utterance, verdicts: tuple[Verdict, ...]
) -> tuple[Verdict, ...]:
    """Return the verdicts with what is known of the sender in those that weigh evidence."""
    checks = context.book.pack.rules.checks
    return trust.with_sender(verdicts, lambda: _standing(event, context, said), checks)


def _standing(event: MessageReceived, context: Context, said: Utterance) -> trust.Standing:
    group, person, member = context.group, context.person, context.member
    assert group is not None
    assert person is not None
    mark = said.fingerprint
    return trust.Standing(
        at=event.at,
        tenure_ms=event.at - member.came_at if member and member.came_at else None,
        substance=member.substance if member and not _was_struck(context, person) else 0,
        trusted=person.layer == "core" or people.role_of(person, group) == "leader",
        recent=tuple(at for at, _ in said.recent),
        others=_others(context, group, person, said.normal, mark),
        elsewhere=len(elsewhere(context, said.normal, mark)),
        # Until staff have said that it is a raid, what its newcomers bring is asked about.
        raid=group.raid_strict and member is not None and raids.came_in(group, member, event.at),
    )


def _was_struck(context: Context, person: Person) -> bool:
    """Tell whether a strike of theirs still counts: it takes the trust that messages earned."""
    forget = context.book.pack.rules.forget_after_ms
    since = -1 if forget is None else context.now - forget
    return bool(
        context.store.count(
            Strike, community=context.community, person=person.id, observed=False, reversed_at=0,
            at__gt=since,
        )
    )  # fmt: skip


def elsewhere(context: Context, normal: str, mark: str) -> tuple[int, ...]:
    """Tell when the member last said the same in each other group of the community."""
    if len(normal) < LEAST_COPIED:
        return ()
    others = context.store.find(
        Member, community=context.community, person=context.person_id,
        group__ne=context.group_id,
    )  # fmt: skip
    said = ([at for at, known in each.recent if known == mark] for each in others)
    return tuple(max(instants) for instants in said if instants)


def _others(context: Context, group: Group, person: Person, normal: str, mark: str) -> int:
    """Count the other members who said the same in this group within the hour."""
    if len(normal) < LEAST_COPIED:
        return 0
    found = context.store.find(
        Message, community=context.community, group=group.id, at__ge=context.now - LATELY_MS,
        fingerprint=mark, order="-at", limit=MOST_COPIES,
    )  # fmt: skip
    return len({each.person for each in found} - {person.id, BOT})
