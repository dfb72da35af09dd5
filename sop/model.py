"""What the program remembers: frozen records, each with its key, all instants in ms UTC.

A record's key is its first fields, named by `KEY`; (almost) all begin with the community,
because a community is one lane of events. Storage keeps a table per record with the same
column names; tuples and mappings are JSON there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from sop.frozen import quick

LOCKED: Final = -1
"""The claim of a code that nobody can be given, because no known key opens it."""

BOT: Final = 0
"""The person id under which the bot's own posts are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Anything that can be stored: `KEY` names the key's fields, in order."""

    KEY: ClassVar[tuple[str, ...]] = ()

    @property
    def key(self) -> tuple[Any, ...]:
        """The values of the key fields, in order."""
        return tuple(getattr(self, name) for name in self.KEY)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Counter(Record):
    """The last number given out under a name, per community."""

    KEY = ("community", "name")
    community: str
    name: str
    value: int = 0


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class SeenEvent(Record):
    """An event that was handled: its key again is a repeat. `outgoing` are its deliveries' ids."""

    KEY = ("key_",)
    key_: str
    community: str
    at: int
    outgoing: tuple[int, ...] = ()


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Nonce(Record):
    """A callback's (timestamp, surface, nonce) belongs to one event key; `stamped_at` is in ms.

    The time comes first in the key, so that the newest nonces share a few pages.
    """

    KEY = ("stamped_at", "surface", "nonce")
    stamped_at: int
    surface: str
    nonce: str
    event_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadEvent(Record):
    """An event that could not be handled, with what is needed to try again."""

    KEY = ("key_",)
    key_: str
    community: str
    at: int
    payload: str
    error: str
    replayed_at: int = 0


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Record):
    """A group as bound and as lived: `channels` maps channel kind to the chat's id there.

    `created_at` is when group.created (or `adopted_at`: group.adopted) fired, 0 before;
    `override` holds what the binding has otherwise than the pack, in the form of
    `sop.pack.inheritance` (quiet, skip, budget, bundle, rules, steps, texts).
    Advice that was accepted is a part of it, see `handlers.figures.adopting`.
    `spoken_at` is the last member message heard, `roster_at` when the roster was first known;
    `threads` are the open threads' ids, each with its kind.
    `owner` and `staff` are as bound, or (`…_learned`) as the platform has them; `chat_owner` is
    whose group it is there. `roster_asked_at` is when the newest roster was asked for.
    Until `raid_until` who came after `raid_since` is watched, and strictly where staff said so
    (see `sop.detectors.raids`).
    """

    KEY = ("community", "id")
    community: str
    id: str
    kind: str = "regular"
    title: str = ""
    owner: str = ""
    staff: tuple[str, ...] = ()
    channels: Mapping[str, str] = field(default_factory=dict)
    starts: str = ""
    override: Mapping[str, Any] = field(default_factory=dict)
    created_at: int = 0
    adopted_at: int = 0
    spoken_at: int = 0
    roster_at: int = 0
    owner_learned: bool = False
    staff_learned: bool = False
    chat_owner: str = ""
    roster_asked_at: int = 0
    threads: tuple[tuple[int, str], ...] = ()
    paused: bool = False
    retired: bool = False
    raid_since: int = 0
    raid_until: int = 0
    raid_strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity(Record):
    """A platform id (lower-cased) belongs to a person of the community."""

    KEY = ("community", "userid")
    community: str
    userid: str
    person: int
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Record):
    """The community in which a platform id last used, or named, in a private chat."""

    KEY = ("userid",)
    userid: str
    community: str
    at: int


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Record):
    """One person in one community: standing and everything counted per person.

    `userid` is the platform id to reach them by. `balance` is the sum of the ledger; `score`
    is the standing as last computed at `scored_at`. `tallies` maps deed to (period, awards in
    it); `lifetime` lists deeds paid once. `recent` holds the last normalised paid texts,
    `active` the last local dates (ISO) with a message that was not struck, newest last.
    `streak` counts the days checked in one after the other, up to the date `streak_on`.
    `also` are further platform ids of theirs, lower-cased. Who was found to be somebody else
    remains as a name alone: `merged_into` is that person, 0 for everybody who stands.
    `paid_until` is when `paid` ends by itself, 0 never. `boards` holds what leaderboards rank,
    see `sop.standing.boards`. `pointed_at` is when they were last pointed to the help.
    """

    KEY = ("community", "id")
    community: str
    id: int
    userid: str
    name: str = ""
    role: str = "member"
    balance: int = 0
    score: int = 0
    scored_at: int = 0
    level: str = ""
    layer: str = "regular"
    layer_since: int = 0
    paid: bool = False
    paid_until: int = 0
    birthday: str = ""
    muted_until: int = 0
    contact_at: int = 0
    pointed_at: int = 0
    nudges_off: bool = False
    unranked: bool = False
    invited_by: int = 0
    invite_paid: bool = False
    tallies: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    lifetime: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    active: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    boards: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    merged_into: int = 0
    streak: int = 0
    streak_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer(Record):
    """How far somebody is who joined where newcomers are asked; kept for ever.

    status: asked, waiting (for people), trial, full, refused. `asked` is the number of the
    question they are to answer, `again`: it was put to them twice. `passed` counts the answers
    that do. `at` is when they joined `group`, `until` when their trial is over.
    """

    KEY = ("community", "person")
    community: str
    person: int
    group: str
    at: int
    status: str
    asked: int = 0
    again: bool = False
    answers: tuple[str, ...] = ()
    passed: int = 0
    until: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterVersion(Record):
    """What is known of the versions of a group's roster, where its platform has such.

    They are opaque marks. `known` is the newest that was fetched, `told` the newest one told of,
    at `told_at` there; `tries` counts the fetches since that brought another one. `passed` are
    the last ones that were followed by others.
    """

    KEY = ("community", "group")
    community: str
    group: str
    known: str = ""
    told: str = ""
    told_at: int = 0
    tries: int = 0
    passed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardSince(Record):
    """Since when all that is said in a group is heard; 0: it is not, and silence is unknown."""

    KEY = ("community", "group")
    community: str
    group: str
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanUp(Record):
    """A list of who was silent in a group for `days`, as `by` was shown it, and what came of it.

    status: previewed, confirmed, told, done, cancelled. `members` are the persons of the list;
    they were told at `told_at`, and those who said nothing until `ends_at` are taken out.
    """

    KEY = ("community", "id")
    community: str
    id: int
    group: str
    by: int
    at: int
    days: int
    members: tuple[int, ...] = ()
    status: str = "previewed"
    told_at: int = 0
    ends_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanUpNotice(Record):
    """Somebody is told that they will be taken out, silent since `since`.

    status: waiting, stayed, removed, spared, gone, not-told (and therefore left alone).
    """

    KEY = ("community", "clean_up", "person")
    community: str
    clean_up: int
    person: int
    since: int
    status: str = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityMerge(Record):
    """Two persons were found to be one: what was `gone`'s is `into`'s since `at`.

    `body` is what a split needs: both persons before and the one after, memberships, and which
    records have moved. `split_at` is 0 while it holds; `by` is 0 where an operator did it.
    """

    KEY = ("community", "id")
    community: str
    id: int
    into: int
    gone: int
    at: int
    by: int = 0
    split_at: int = 0
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeHeld(Record):
    """A badge somebody was given, for ever; by a `step`, or (empty) because they earned it."""

    KEY = ("community", "person", "badge")
    community: str
    person: int
    badge: str
    at: int
    group: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelReached(Record):
    """A level somebody has risen to, and when for the first time: it is told them once."""

    KEY = ("community", "person", "level")
    community: str
    person: int
    level: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentSpell(Record):
    """Somebody belonged to a segment from the night `since` on; `until` is 0 while they do."""

    KEY = ("community", "person", "segment", "since")
    community: str
    person: int
    segment: str
    since: int
    until: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentDay(Record):
    """What a night's look at the segments found: by segment, who is in, who not, who unknown.

    `members` were looked at; `day` is the local date (ISO).
    """

    KEY = ("community", "day")
    community: str
    day: str
    at: int
    members: int = 0
    found: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonStanding(Record):
    """What a person had in a season that is over; kept for ever. Seasons: `sop.pack.season`."""

    KEY = ("community", "season", "person")
    community: str
    season: str
    person: int
    points: int
    level: str
    at: int


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Record):
    """A person in a group. `left_at` is 0 while present; `stint` counts memberships.

    `recent` holds (at, fingerprint) of the last messages, newest last, for flood and repeats.
    `came_at` is when they were seen to join, 0 where they were there before anybody looked.
    `substance` counts messages of some length that repeated nothing, up to `sop.trust.ENOUGH`.
    On the local date `strayed_on`, `strayed` messages were off the topic.
    """

    KEY = ("community", "group", "person")
    community: str
    group: str
    person: int
    joined_at: int
    left_at: int = 0
    stint: int = 1
    introduced_at: int = 0
    last_at: int = 0
    recent: tuple[tuple[int, str], ...] = ()
    came_at: int = 0
    substance: int = 0
    strayed: int = 0
    strayed_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerMove(Record):
    """A change of layer as it was meant: first `into` these groups, then `out_of` those.

    Who becomes regular again need be in one of the former only, and may be there already.

    status: open, done (rosters say so), broken (the person went elsewhere by themselves, or
    another move came in between), undone. `task` is the proposal that was agreed to by `by`, 0
    where the pack asks nobody; `layer` is the new one, `since` when the person's last one began.
    """

    KEY = ("community", "id")
    community: str
    id: int
    person: int
    layer: str
    into: tuple[str, ...]
    out_of: tuple[str, ...]
    at: int
    status: str = "open"
    group: str = ""
    step: str = ""
    task: int = 0
    by: int = 0
    since: int = 0
    closed_at: int = 0


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Record):
    """A message or post that was heard or sent; the text may be gone after RETAIN_TEXT_DAYS."""

    KEY = ("community", "id")
    community: str
    id: int
    group: str
    person: int
    at: int
    message_id: str
    text: str
    fingerprint: str
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside(Record):
    """What a message carried beside its words; an ordinary one carries nothing, and has none.

    `addressed` is only noted where the bot hears what is not said to it, too. It lets a group's
    days be played again.
    """

    KEY = ("community", "message")
    community: str
    message: int
    at: int
    quote: str = ""
    quote_id: str = ""
    mentions: tuple[str, ...] = ()
    addressed: bool = False
    has_image: bool = False


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry(Record):
    """Points booked for a deed; never changed. A correction is an entry with `reversal_of`.

    The key says that one source pays a person each deed at most once; reinstating what was
    reversed is a new generation. `id` counts a community's entries.
    """

    KEY = ("community", "person", "source", "deed", "generation")
    community: str
    person: int
    source: str
    deed: str
    generation: int = 0
    id: int
    group: str
    points: int
    step: str
    version: str
    at: int
    standing: int = 0
    reversal_of: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike(Record):
    """A breach of a rule that counts (unless observed or reversed).

    `event_key` is the event it was decided in: the deliveries of that event are its measure.
    `decided_at` is when people decided it, 0 where the rules did at once.
    """

    KEY = ("community", "id")
    community: str
    id: int
    person: int
    group: str
    rule: str
    at: int
    source: str
    measure: str
    event_key: str = ""
    observed: bool = False
    reversed_at: int = 0
    decided_at: int = 0

    @property
    def known_from(self) -> int:
        """Tell from when on the member could hear of it: appeals are open from then."""
        return max(self.at, self.decided_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Record):
    """That `reporter` has asked staff to look at something; the task is what it is about.

    Nobody is shown it. status: open, founded (staff saw a breach), groundless (none), seen.
    """

    KEY = ("community", "id")
    community: str
    id: int
    reporter: int
    task: int
    at: int
    status: str = "open"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing(Record):
    """A delivery, written in the transaction that decided it.

    status: leased (to the waiting request until `not_before`), pending, sending, sent,
    failed, unknown, dropped. `klass` orders what shares a group and channel: reply before
    private before step. `body` holds the action's fields, `route` the ways an answer may take.
    """

    KEY = ("community", "id")
    community: str
    id: int
    event_key: str
    group: str
    do: str
    channel: str
    chat: str
    klass: str
    body: Mapping[str, Any]
    route: Mapping[str, Any] = field(default_factory=dict)
    status: str = "pending"
    created_at: int
    not_before: int
    expires_at: int = 0
    attempts: int = 0
    attempted_at: int = 0
    done_at: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt(Record):
    """An attempt that counts `amount` in a channel limit's sliding window."""

    KEY = ("window", "id")
    window: str
    id: int
    at: int
    amount: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Record):
    """Something only a person can do.

    status: open, done, approved, rejected, declined (nobody could do it), void (it settled
    itself). `about` names the thing it is for: no two open tasks share it. `to` is owner, staff,
    leader or a person id as text, `told` which of them it was passed on to since. `prepared` are
    words to be sent on as they are. `taken_by` is who does it, `declined` who cannot.
    `claimed_at`: it was said to be done, and is looked for.
    """

    KEY = ("community", "id")
    community: str
    id: int
    group: str
    kind: str
    to: str
    text: str
    about: str
    step: str = ""
    rule: str = ""
    person: int = 0
    target: str = ""
    status: str = "open"
    created_at: int
    due_at: int = 0
    reminded_at: int = 0
    closed_at: int = 0
    closed_by: int = 0
    prepared: str = ""
    told: tuple[str, ...] = ()
    taken_by: int = 0
    taken_at: int = 0
    declined: tuple[int, ...] = ()
    claimed_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceGiven(Record):
    """Something the program advised for a group, and what people said to it; kept for ever.

    status: open, accepted, declined, undone, overruled (an edit of a file says otherwise since),
    replaced (by a newer one about the same thing), lapsed (nobody said anything until the next).
    `about` names the thing, `reason` and `facts` make its words. `change` is what it changes, in
    the form of `Group.override`, `before` what the group had there when it was accepted; without
    a change accepting it makes the task `task`.
    """

    KEY = ("community", "id")
    community: str
    id: int
    group: str
    about: str
    reason: str
    at: int
    facts: Mapping[str, Any] = field(default_factory=dict)
    change: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    status: str = "open"
    task: int = 0
    closed_at: int = 0
    closed_by: int = 0


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence(Record):
    """Something the clock will do. status: pending, done, skipped, dropped.

    `due_at` is the moment that was planned and part of the key; `run_at` is when to wake
    (later than `due_at` when held). `kind` is `step` or names a deadline of the program's own.
    `version` is that of the pack under which it began (held, in an open batch, of an open
    thread) and will end; empty for what has not begun: that follows the pack in force.
    `rank` orders what is due at one instant, see `sop.budgets.budget.rank_of`.
    """

    KEY = ("community", "group", "kind", "step", "subject", "cause", "due_at")
    community: str
    group: str
    kind: str
    step: str
    subject: str
    cause: str
    due_at: int
    run_at: int
    status: str = "pending"
    body: Mapping[str, Any] = field(default_factory=dict)
    version: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRun(Record):
    """A step whose actions were handed to delivery, for limits, step_done and {after: …}."""

    KEY = ("community", "id")
    community: str
    id: int
    group: str
    step: str
    person: int
    at: int
    due_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace(Record):
    """What became of one occurrence of a step, and why; one row each, the latest word of it.

    `verdict` is run, held, merged, dropped or not-fired; `reason` one machine word; `figures`
    what was asked and found, one sentence each. `held` says when (ms) and why it had to wait.
    `subject` is the step's member, as text, where it has one.
    """

    KEY = ("community", "group", "step", "subject", "cause", "due_at")
    community: str
    group: str
    step: str
    subject: str
    cause: str
    due_at: int
    at: int
    verdict: str
    reason: str = ""
    figures: tuple[str, ...] = ()
    held: tuple[tuple[int, str], ...] = ()
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending(Record):
    """What the bot has started by itself against one limit.

    `scope` is `group:ID` and `member:ID` (messages), `bundle:ID` (bundles sent), each per
    `period` (a local day or ISO week), or `all:ID`: the instants of @all, without a period.
    """

    KEY = ("community", "scope", "period")
    community: str
    scope: str
    period: str
    at: int
    spent: int = 0
    instants: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread(Record):
    """Something that is open in a group for a while, and that members take part in.

    `kind` is ask, questions, share, game, collect, vote, signup or challenge; `name` is what the
    pack calls it where others refer to it, else empty. `version` is that of the pack it was
    opened under; its rules hold until it is closed.
    """

    KEY = ("community", "id")
    community: str
    id: int
    group: str
    step: str
    kind: str
    title: str
    text: str
    opened_at: int
    closes_at: int
    status: str = "open"
    name: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadReply(Record):
    """A member's counted reply in a thread: one each."""

    KEY = ("community", "thread", "person")
    community: str
    thread: int
    person: int
    at: int
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot(Record):
    """What somebody has chosen in a vote, as the option's number; the last word counts.

    In a secret vote the choice is sealed, and emptied with its time when the vote is over.
    """

    KEY = ("community", "thread", "person")
    community: str
    thread: int
    person: int
    choice: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Signup(Record):
    """Somebody's place in a sign-up, or that of the companion `guest` whom they bring.

    status: in, waiting (for a place), noted (until it opens for everybody), gone. `number` is
    the order in which they came; `noted`: they came before it was open for them, and were placed
    since. `came_at` is when they were seen at the event, 0 unknown.
    """

    KEY = ("community", "thread", "person", "guest")
    community: str
    thread: int
    person: int
    guest: str = ""
    number: int
    status: str
    at: int
    noted: bool = False
    came_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment(Record):
    """Somebody takes part in a challenge, which is a thread; kept for ever.

    status: active, left (by their own word), completed. `joined` and `days` are local dates
    (ISO): when they came, and which days they did; `made_up` counts the missed days they made
    up. Those of one `team` (a number, 0 for none) do it together.
    """

    KEY = ("community", "thread", "person")
    community: str
    thread: int
    person: int
    group: str
    joined: str
    days: tuple[str, ...] = ()
    made_up: int = 0
    team: int = 0
    status: str = "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader(Record):
    """How far somebody is on the way of leaders, in one community; kept when it is over.

    status: applied (staff look at it), voting, refused (or not elected), probation, serving (in
    `tier`), ended. `since` is when it became that. `failed` counts the reviews failed in a row.
    """

    KEY = ("community", "person")
    community: str
    person: int
    group: str
    status: str
    since: int
    tier: str = ""
    failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderChange(Record):
    """One thing that happened on somebody's way as a leader; kept for ever.

    `what` is the word of the line `leader`, or kept and unknown (of reviews that changed
    nothing) and led (they opened `reason` for the group). `body` holds the figures as they were
    told, and of what was led its thread or step. `by` is 0 where nobody decided it.
    """

    KEY = ("community", "id")
    community: str
    id: int
    person: int
    group: str
    at: int
    what: str
    reason: str = ""
    by: int = 0
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Volunteer(Record):
    """Somebody helps as staff for a term. status: applied, serving (until `until`), ended."""

    KEY = ("community", "person", "duty")
    community: str
    person: int
    duty: str
    group: str
    status: str
    since: int
    until: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleMember(Record):
    """Somebody is in the circle of a tag by their own word; `left_at` is 0 while they are."""

    KEY = ("community", "tag", "person")
    community: str
    tag: str
    person: int
    group: str
    at: int
    left_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalCode(Record):
    """A code by which friends say who brought them: it is a person's for ever."""

    KEY = ("community", "code")
    community: str
    code: str
    person: int
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Record):
    """A benefit was offered by a step, to a person or (0) to the group; or (`held`) kept back.

    Who is held out is never offered it: by them it is told what an offer brings.
    """

    KEY = ("community", "id")
    community: str
    id: int
    group: str
    step: str
    benefit: str
    person: int
    at: int
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Record):
    """Something that was bought elsewhere, for so many cents; `person` is 0 while it is nobody's.

    `buyer` is who bought it as the shop says, empty once that is a person; `why` is in one word
    why it could not be told.
    """

    KEY = ("community", "order")
    community: str
    order: str
    person: int
    at: int
    cents: int
    what: str
    told_at: int
    refunded: bool = False
    buyer: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortLink(Record):
    """An address of ours, `/s/{code}`, that leads to another one and tells who came by it.

    kind: pack (leads where the pack's link `name` leads, as long as it has one), made (by staff:
    it leads to `target`), benefit (to that of the pack's benefit `name`) or invitation (a page
    that says how to come in). `person` is whose it is, 0 for nobody's; `step` what it was offered
    by. 0 is no end for `expires_at`, no limit for `most`, which counts `clicks`: those of people.
    `visitors` are as many of them as could be told apart.
    """

    KEY = ("code",)
    code: str
    community: str
    kind: str
    name: str
    at: int
    group: str = ""
    person: int = 0
    step: str = ""
    target: str = ""
    title: str = ""
    platforms: tuple[str, ...] = ()
    expires_at: int = 0
    most: int = 0
    made_by: int = 0
    stopped_at: int = 0
    clicks: int = 0
    visitors: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkHour(Record):
    """How often a short link was opened in the hour that begins at `hour`.

    By people in WeCom, WeChat and other browsers; `filtered` were programs: previews, crawlers.
    """

    KEY = ("community", "code", "hour")
    community: str
    code: str
    hour: int
    wecom: int = 0
    wechat: int = 0
    browser: int = 0
    filtered: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkVisitor(Record):
    """Somebody opened a short link for the first time; both marks tell apart, and nothing else.

    `network` is the mark of where they came from: few from one place are taken for different.
    """

    KEY = ("community", "code", "visitor")
    community: str
    code: str
    visitor: str
    network: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation(Record):
    """Who brought a guest: one for each guest, for ever; the first that was told.

    `joined_at` is when the guest came. status: counted, held (people look at it first), refused
    (they said no), gone (the guest left within days). `why` is the reason it was held for.
    `scene` is how the guest came, where the platform saw it: direct, link, qr.
    """

    KEY = ("community", "guest")
    community: str
    guest: int
    inviter: int
    group: str
    at: int
    joined_at: int
    status: str = "counted"
    why: str = ""
    scene: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Record):
    """A numbered contribution in a group: question, answer, share, topic, day, or collected entry.

    Of an entry, `category` and `team` are what it was given for, `about` is whom it names or who
    sees to it; `sop.activities.collecting` knows its statuses. An anonymous one has no `person`,
    and neither its message nor its hour: see `HiddenAuthor`.
    """

    KEY = ("community", "group", "number")
    community: str
    group: str
    number: int
    kind: str
    person: int
    text: str
    at: int
    message_id: str
    parent: int = 0
    thread: int = 0
    status: str = "open"
    category: str = ""
    team: str = ""
    about: int = 0

    @property
    def source(self) -> str:
        """What names it for ever, as the source of deeds and the target of likes."""
        return f"item:{self.group}:{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenAuthor(Record):
    """Who gave an anonymous entry; nothing shows it but the abuse path, which leaves a note.

    `due_at` is the local midnight at which the entry is booked in a sum, 0 before it is shown
    and when that is done.
    """

    KEY = ("community", "group", "number")
    community: str
    group: str
    number: int
    person: int
    thread: int
    due_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay(Record):
    """A list people signed one after the other (接龙), as somebody brought it.

    status: asked (for what it is), proposed (task `task`), done or rejected. `mark` is its
    title's fingerprint, `target` what it becomes: `checkin`, or a kind and a thread. Later copies
    of one list have the `root` of the first one that was booked. `choices` are what may be
    meant, as (group, target). `counted` is who was meant, by the key of each nickname.
    """

    KEY = ("community", "id")
    community: str
    id: int
    by: int
    at: int
    group: str
    title: str
    mark: str
    text: str
    status: str = "asked"
    target: str = ""
    task: int = 0
    root: int = 0
    choices: tuple[tuple[str, str], ...] = ()
    counted: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nickname(Record):
    """Whom a nickname of a group's lists means; `name` is its key: `sop.activities.relays`."""

    KEY = ("community", "group", "name")
    community: str
    group: str
    name: str
    person: int
    shown: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Like(Record):
    """What one person thinks well of; `target` names it for ever, and takes one like a person.

    `target` is `item:GROUP:NUMBER`, `message:ID`, or `person:ID:DATE` for somebody as such.
    status: counted, held (people look at it first), refused (they said no), withdrawn.
    `counts`: towards numbers of likes. `weight` is what it brings in points, in thousandths;
    `bears`: it used some of the giver's share of the month, whatever it weighed.
    """

    KEY = ("community", "target", "giver")
    community: str
    target: str
    giver: int
    author: int
    group: str
    at: int
    day: str
    status: str = "counted"
    counts: bool = True
    bears: bool = False
    weight: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice(Record):
    """What a person's likes weigh, and what likes have brought them.

    `vouchers` are those whose likes vouch for the person, until there are enough (`vouched`).
    `given` and `received` are the thousandths of likes that count for points so far,
    `given_paid` and `received_paid` how many whole ones of them were put to the ledger.
    `recent` holds (local date, likes given) of the last weeks. Until `cleared_until` nobody need
    look at their likes again.
    """

    KEY = ("community", "person")
    community: str
    person: int
    vouched: bool = False
    vouchers: tuple[int, ...] = ()
    given: int = 0
    given_paid: int = 0
    received: int = 0
    received_paid: int = 0
    recent: tuple[tuple[str, int], ...] = ()
    last_at: int = 0
    cleared_until: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LikeNorm(Record):
    """How many likes a month weigh anything for each, as reckoned on the local date `day`.

    `since` is the date of the first like. `vouching`: who is not vouched for counts less.
    `cliques` has the clique of each person, by number as text, see `sop.standing.cliques`.
    """

    KEY = ("community",)
    community: str
    day: str
    since: str
    allowance: int
    vouching: bool
    cliques: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment(Record):
    """A member's first comment with a reason on somebody else's numbered contribution."""

    KEY = ("community", "group", "number", "person")
    community: str
    group: str
    number: int
    person: int
    text: str
    at: int
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolUse(Record):
    """How far a content pool is used.

    `used` are the marks of the items used up, the newest last; `taken` of them on the local day
    `day`. `warned` tells with which content people were last told that it runs low.
    """

    KEY = ("community", "scope", "pool")
    community: str
    scope: str
    pool: str
    used: tuple[str, ...] = ()
    day: str = ""
    taken: int = 0
    warned: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation(Record):
    """What a person was asked to bring for one occurrence of a step, and what they brought.

    `scope` is the group, empty where one item is for all of the community. `due_at` is the
    occurrence's; `text` is empty until something was given.
    """

    KEY = ("community", "scope", "step", "due_at")
    community: str
    scope: str
    step: str
    due_at: int
    text: str = ""
    by: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Record):
    """A benefit that a person took, or asked for.

    status: given; waiting (for somebody's yes, or for hands); refunded (and free for others
    again); spoiled (refunded, yet gone: its code was seen). What was paid for it is the ledger's
    entry of the source `claim:ID`. `code` is as it is kept (see `sop.activities.codes`), `tail`
    what may be shown of it for ever. `title`, `price` and `cost` are those of the day it was
    taken, `cause` is the event by which: what is made up for it is made of that, so that nobody
    can guess it.
    """

    KEY = ("community", "id")
    community: str
    id: int
    benefit: str
    person: int
    at: int
    code: str = ""
    tail: str = ""
    status: str = "given"
    title: str = ""
    price: int = 0
    cost: int = 0
    group: str = ""
    version: str = ""
    cause: str = ""
    expires_at: int = 0
    closed_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Record):
    """A code that was brought for a benefit: `claim` is 0 until it is given, once for ever.

    `mark` tells it from all others of the community without telling the code; `sealed` opens
    only with the deployment's key of the id `lock`. `number` is its place in the order it was
    brought in. A claim of `LOCKED` keeps it back, because that key is not known at present.
    """

    KEY = ("community", "mark")
    community: str
    mark: str
    benefit: str
    number: int
    sealed: str
    lock: str
    tail: str
    added_at: int
    claim: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Record):
    """A decision worth keeping that is no delivery: held, dropped, error, layer, level."""

    KEY = ("community", "id")
    community: str
    id: int
    group: str
    at: int
    do: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token(Record):
    """A shared access token; `name` tells which secret it came from, never the secret."""

    KEY = ("name",)
    name: str
    value: str
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedText(Record):
    """Words people have decided about: `label` is advert or fine. Never deleted, only retired.

    In force from revision `since` up to, and without, revision `until` (0: still). `words` hold no
    id, number or link. `by` is the person who decided it, 0 an operator; `source` what it was
    decided about.
    """

    KEY = ("community", "id")
    community: str
    id: int
    label: str
    words: str
    source: str
    by: int = 0
    at: int
    since: int
    until: int = 0


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Learning(Record):
    """How often what was learned has changed, and a fingerprint of all the changes."""

    KEY = ("community",)
    community: str
    revision: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version(Record):
    """A pack or groups.yaml text that was in force from `at` on, numbered per file name.

    `sha` is the fingerprint of the text; `author` is empty where nobody knows. Keys of robots
    are kept as `${ROBOT_KEY_…}`, or masked where they were written out.
    """

    KEY = ("name", "number")
    name: str
    number: int
    sha: str
    at: int
    author: str
    text: str
