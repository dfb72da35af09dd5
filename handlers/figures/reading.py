"""Reading a report's past: the last weeks of some groups, once, in streams."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from handlers.figures.following import Following
from handlers.figures.past import FOLLOWING, TAKING_PART, WEEKS, Led, Moves, Past
from handlers.people import people
from handlers.people.leader_records import LEADING
from handlers.ports import Context
from sop.activities.collecting import HIDDEN
from sop.figures.tracks import Sums, Track
from sop.model import (
    BOT,
    Ballot,
    Claim,
    Comment,
    Enrolment,
    Group,
    Invitation,
    Item,
    LayerMove,
    Leader,
    LedgerEntry,
    Like,
    Member,
    Message,
    Person,
    Record,
    Signup,
    StepRun,
    Thread,
    ThreadReply,
)
from sop.times import localtime


def begins(context: Context) -> int:
    """Return the local Monday from which on a report looks back, in ms."""
    today = localtime.local_date(context.now, context.book.zone)
    monday = today - timedelta(days=today.weekday(), weeks=WEEKS)
    return localtime.local_midnight(monday, context.book.zone)


def read(
    context: Context, groups: Sequence[Group], span_ms: int, since: int | None = None
) -> Past:
    """Return the past of some groups, from `since` (else where reports begin) up to this instant.

    Leaders' deeds are those of the last `span_ms`.
    """
    since = begins(context) if since is None else since
    names = frozenset(group.id for group in groups)
    until = context.now + 1
    reader = _Reader(context, names, (since, until), until - span_ms)
    said, posts = reader.messages()
    persons = reader.persons()
    items = reader.items()
    likes = reader.likes(items)
    comments = reader.comments(items)
    threads = reader.find(Thread, opened_at__ge=since, opened_at__lt=until)
    replies, answers = reader.replies(threads)
    reader.take_part()
    members = reader.find(Member)
    moves = Moves(
        context.store.find(LayerMove, community=context.community, at__ge=since, order="id")
    )
    return Past(
        groups=tuple(groups), since=since, until=until, said=said, posts=posts,
        replies=replies, answers=answers, claims=reader.claims(), points=reader.points(),
        members=members, moves=moves, left=reader.left(members, moves),
        persons=persons, leaders=reader.leaders, deeds=reader.deeds, items=items, likes=likes,
        comments=comments, threads=threads, runs=reader.find(StepRun, at__ge=since, at__lt=until),
    )  # fmt: skip


class _Reader:
    """Reads one kind after the other, and notes on the way who did what."""

    def __init__(
        self, context: Context, names: frozenset[str], time: tuple[int, int], span_since: int
    ) -> None:
        self._context, self._names = context, names
        self._since, self._span = time[0], span_since
        # What was noted before a clock was set back lies ahead: it is not counted yet.
        self._time: dict[str, Any] = {"at__ge": time[0], "at__lt": time[1]}
        self._now = people.aliases(context.store, context.community)
        self.deeds: dict[str, defaultdict[str, set[int]]] = {
            name: defaultdict(set) for name in names
        }
        self.leaders: dict[str, dict[int, Led]] = {}
        self._following = Following(())

    def find(self, kind: type[Any], **where: Any) -> list[Any]:
        """Return the groups' records of a kind."""
        return [
            each
            for name in sorted(self._names)
            for each in self._context.store.find(
                kind, community=self._context.community, group=name, **where
            )
        ]

    def rows(self, kind: type[Record], *columns: str, **where: Any) -> Iterator[tuple[Any, ...]]:
        return self._context.store.rows(kind, columns, community=self._context.community, **where)

    def messages(self) -> tuple[Mapping[str, Track], Mapping[str, Track]]:
        """Return what members said and what the bot posted, by group."""
        said, posts = {}, {}
        for name in self._names:
            ats, who, own = array("q"), array("q"), array("q")
            rows = self.rows(Message, "at", "person", group=name, **self._time, order="at")
            for at, person in rows:
                if person == BOT:
                    own.append(at)
                else:
                    ats.append(at)
                    who.append(person)
            if self._now:
                who = array("q", (self._now.get(each, each) for each in who))
            said[name] = Track(ats, who)
            posts[name] = Track(own, array("q", bytes(8 * len(own))))
        return said, posts

    def persons(self) -> Mapping[int, Person]:
        """Return everybody; those who lead are noted, staff among them and on probation, too."""
        store, where = self._context.store, dict[str, Any](community=self._context.community)
        found = store.find(Person, **where)
        persons = {each.id: each for each in found if not each.merged_into}
        lead = {each.person for each in store.find(Leader, status__in=LEADING, **where)}
        lead |= {each.id for each in persons.values() if each.role == people.LEADER}
        lead &= persons.keys()
        self.leaders = {name: {each: Led(Counter()) for each in lead} for name in self._names}
        self._following = Following(lead)
        return persons

    def items(self) -> list[Item]:
        """Return what was given and is shown."""
        found = [each for each in self.find(Item, **self._time) if each.status not in HIDDEN]
        for each in found:
            if each.person:
                self.deeds[each.group][each.kind].add(each.person)
        return found

    def likes(self, items: Sequence[Item]) -> Mapping[str, int]:
        """Return how many counted likes each of the items has; notes who likes leaders'."""
        found: Counter[str] = Counter()
        for name in self._names:
            rows = self.rows(
                Like, "target", "giver", "author", "at", group=name, status="counted",
                **self._time,
            )  # fmt: skip
            for target, giver, author, at in rows:
                found[target] += 1
                self.deeds[name]["like-given"].add(giver)
                self.deeds[name]["like-received"].add(author)
                self._following.answered(name, giver, author, target)
                if author in self.leaders[name] and at >= self._span:
                    self.leaders[name][author].likes += 1
        return {each.source: found[each.source] for each in items}

    def comments(self, items: Sequence[Item]) -> Mapping[tuple[str, int], int]:
        """Return how many comments and answers each item has."""
        known = {(each.group, each.number): each for each in items}
        found: Counter[tuple[str, int]] = Counter()
        for each in items:
            if each.parent and (each.group, each.parent) in known:
                found[each.group, each.parent] += 1
        for name in self._names:
            rows = self.rows(Comment, "number", "person", group=name, **self._time)
            for number, person in rows:
                found[name, number] += 1
                self.deeds[name]["comment"].add(person)
                if (item := known.get((name, number))) is not None:
                    self._following.answered(name, person, item.person, item.source)
        return found

    def replies(self, threads: Sequence[Thread]) -> tuple[Mapping[str, Track], Mapping[int, int]]:
        """Return the counted replies by group, and how many each thread has."""
        groups = {each.id: each.group for each in threads}
        found: dict[str, list[tuple[int, int]]] = {name: [] for name in self._names}
        counts: Counter[int] = Counter()
        rows = self.rows(
            ThreadReply, "thread", "person", "at", thread__ge=min(groups, default=0)
        ) if groups else ()  # fmt: skip
        for thread, person, at in rows:
            if thread in groups:
                found[groups[thread]].append((at, person))
                counts[thread] += 1
                self.deeds[groups[thread]]["reply"].add(person)
        return {name: Track.of(each) for name, each in found.items()}, counts

    def take_part(self) -> None:
        """Note who is in a challenge, a sign-up or a vote, follows a leader, or brought others."""
        groups = {each.id: each.group for each in self.find(Thread)}
        for kind in (Enrolment, Signup, Ballot):
            for thread, person in self.rows(kind, "thread", "person"):
                if thread in groups:
                    self.deeds[groups[thread]][TAKING_PART].add(person)
        for group, person in self._following.found(self._context, self._since):
            if group in self._names:
                self.deeds[group][FOLLOWING].add(person)
        for inviter, group in self.rows(Invitation, "inviter", "group", status="counted"):
            if group in self._names:
                self.deeds[group]["invite"].add(inviter)

    def claims(self) -> Mapping[str, Track]:
        """Return benefits taken, by group."""
        found: dict[str, list[tuple[int, int]]] = {name: [] for name in self._names}
        for at, person, group in self.rows(Claim, "at", "person", "group", **self._time):
            if group in found:
                found[group].append((at, person))
        return {name: Track.of(each) for name, each in found.items()}

    def left(self, members: Sequence[Member], moves: Moves) -> Mapping[str, Track]:
        """Return who left, by group; of somebody who came back nothing is known any more."""
        found: dict[str, list[tuple[int, int]]] = {name: [] for name in self._names}
        for each in members:
            if each.left_at >= self._since and not moves.took(each):
                found[each.group].append((each.left_at, each.person))
        return {name: Track.of(each) for name, each in found.items()}

    def points(self) -> Mapping[str, Sums]:
        """Return points booked, by group; notes who did what."""
        found: dict[str, list[tuple[int, int]]] = {name: [] for name in self._names}
        rows = self.rows(LedgerEntry, "at", "person", "deed", "points", "group", **self._time)
        for at, person, deed, points, group in rows:
            if group not in found:
                continue
            found[group].append((at, points))
            self.deeds[group][deed].add(person)
            if at >= self._span and person in self.leaders[group]:
                led = self.leaders[group][person]
                led.deeds[deed] += 1
                led.points += points
        return {name: Sums(each) for name, each in found.items()}
