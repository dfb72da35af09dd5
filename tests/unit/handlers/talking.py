"""A group in conversation: what a message goes through between hearing and delivery."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from handlers.collections import withdrawing
from handlers.people import people
from handlers.ports import Context, Outcome, Store
from handlers.posting import outbox
from handlers.questions import caring, questions, slots
from handlers.steps import closing, hearing, says, threads
from handlers.tasks import task_turns, tasks
from sop.actions import Action
from sop.book import Book
from sop.events import AnswerAccepted, Event, StepDue
from sop.model import Group, Item, LedgerEntry, Occurrence, Task, Thread
from sop.pack import pack_actions
from storage.database import Database
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.databases import in_file, in_memory

MINUTE = 60_000

PACK = """
quiet: "22:30-07:30"
answers: [{asks: [书单在哪], reply: 书单会私信给你}]
score:
  earn:
    message: {points: 1}
    reply: {points: 3}
    question: {points: 2}
    answer: {points: 5}
    accepted: {points: 10}
steps:
  - {id: morning, when: "08:00 daily", do: [{ask: 这一段让你想到什么？, for: 12h}]}
  - {id: night, when: "20:00 daily", do: [{questions: {title: 周三答疑}}]}
"""


class Talk:
    """A group on a database that stays, with one event (and batch) after the other."""

    def __init__(self, db: Database, book: Book) -> None:
        self.db, self.book, self.now = db, book, EVENING
        self.loaded: list[Any] = []

    def run(self, event: Event | None, work: Callable[[Context], Any], person: int = 0) -> Any:
        """Do something in a transaction of its own, as after a restart."""
        batch = self.db.batch()
        with batch.event() as store:
            watched = Watched(store, self.loaded)
            context = builders.context(watched, self.book, now=self.now, person_id=person)
            done = work(context)
            if isinstance(done, Outcome) and event is not None:
                done = list(outbox.dispatch(context, event, done.actions).actions)
        batch.commit()
        return done

    def read(self, kind: type[Any], /, **where: Any) -> list[Any]:
        return list(self.run(None, lambda context: context.store.find(kind, **where)))

    def say(self, sender: str, text: str, **fields: Any) -> list[Action]:
        """Speak in the group; returns what a thread or a word's step made of it."""
        at = fields.setdefault("at", self.now)
        fields.setdefault("message_id", f"{sender}:{at}:{text}")
        event = builders.message(text, sender=sender, **fields)

        def work(context: Context) -> Outcome:
            hearing.hear(event, context)
            heard, said = threads.hear(event, context), says.hear(event, context)
            assert not heard.stop
            return Outcome((*heard.actions, *said.actions))

        return self._as(sender, event, work)

    def command(self, name: str, sender: str, argument: str = "", **fields: Any) -> list[Action]:
        """Give 提问, 回答, 采纳 or 撤回."""
        fields.setdefault("at", self.now)
        event = builders.message(f"{name} {argument}", sender=sender, **fields)

        def work(context: Context) -> Outcome:
            hearing.hear(event, context)
            duty = withdrawing.withdraw if name == "withdraw" else getattr(questions, name)
            return duty(event, context, argument)

        return self._as(sender, event, work)

    def accepted(self, sender: str, of: str) -> list[Action]:
        event = AnswerAccepted(
            key=f"accept:{sender}:{of}", community=COMMUNITY, group=GROUP, at=self.now,
            member=sender, of=of,
        )  # fmt: skip
        return self._as(sender, event, lambda context: questions.accept_event(event, context))

    def _as(self, sender: str, event: Event, work: Callable[[Context], Outcome]) -> list[Action]:
        number = self.run(None, lambda c: people.person_of(c.store, COMMUNITY, sender, sender).id)
        return self.run(event, work, number)

    def prompt(self, words: str = "这一段让你想到什么？", **fields: Any) -> int:
        """Post a prompt, which opens a thread; returns its number."""
        action = pack_actions.AskAction.model_validate({"ask": words, **fields})
        step = self.book.step("morning")

        def work(context: Context) -> Outcome:
            threads.open_ask(context, context.group, step, action, words)
            return Outcome((Action(do="post", group=GROUP, text=words, step=step.id),))

        self.run(self._clock("step"), work)
        return self.read(Thread, order="-id", limit=1)[0].id

    def slot(self, **fields: Any) -> list[Action]:
        """Open a questions slot of an hour."""
        action = pack_actions.QuestionsAction.model_validate({"title": "周三答疑", **fields})
        step = self.book.step("night")
        return self.run(
            self._clock("step"),
            lambda context: Outcome(slots.begin(context, context.group, step, action)),
        )

    def _clock(self, kind: str) -> StepDue:
        return StepDue(
            key=f"{kind}:{self.now}", community=COMMUNITY, group=GROUP, at=self.now, kind=kind,
            step="", subject="", cause="", due_at=self.now,
        )  # fmt: skip

    def until(self, at: int) -> list[Action]:
        """Let the clock go on; returns what fell due did."""
        lines: list[Action] = []
        while due := self.read(
            Occurrence, status="pending", run_at__le=at, order="run_at", limit=1
        ):
            self.now = max(self.now, due[0].run_at)
            lines.extend(self.fall_due(due[0]))
        self.now = at
        return lines

    def fall_due(self, row: Occurrence) -> list[Action]:
        event = StepDue(
            key=f"due:{row.kind}:{row.subject}:{row.due_at}", community=COMMUNITY, group=GROUP,
            at=self.now, kind=row.kind, step=row.step, subject=row.subject, cause=row.cause,
            due_at=row.due_at,
        )  # fmt: skip
        handler = HANDLERS[row.kind]
        return self.run(event, lambda context: handler(event, context))

    def group(self, **changes: Any) -> Group:
        """Return the group, changed if anything is given."""

        def work(context: Context) -> Group:
            changed = replace(context.group, **changes)
            context.store.put(changed)
            return changed

        return self.run(None, work)

    def paid(self, deed: str = "") -> list[tuple[str, int]]:
        entries = self.read(LedgerEntry, order="id")
        return [(each.deed, each.points) for each in entries if deed in ("", each.deed)]

    def items(self) -> list[tuple[int, str, str]]:
        return [(each.number, each.kind, each.status) for each in self.read(Item, order="number")]

    def tasks(self, status: str = "open") -> list[Task]:
        return self.read(Task, status=status, order="id")


HANDLERS = {
    "close-thread": closing.close,
    "starter": threads.start,
    "escalate": questions.escalate,
    "late-answer": caring.pass_on,
    tasks.REMINDER: task_turns.remind,
    task_turns.ESCALATE: task_turns.escalate,
}


@contextmanager
def talking(
    pack: str = PACK, *, path: Path | None = None, now: int = EVENING, **fields: Any
) -> Iterator[Talk]:
    """Open a group in which `boss` is the owner; with `path`, as it was left there."""
    with in_file(path) if path else in_memory() as db:
        talk = Talk(db, builders.book(pack))
        talk.now = now
        made = builders.group(owner="boss", **fields)
        talk.run(None, lambda context: context.group or context.store.put(made))
        yield talk


def words(lines: list[Action], do: str = "reply") -> str:
    return "\n".join(line.text for line in lines if line.do == do)


def points(lines: list[Action]) -> list[tuple[str, int | None]]:
    return [(line.deed, line.points) for line in lines if line.do == "points"]


class Watched:
    """A store that notes what its searches bring."""

    def __init__(self, store: Store, loaded: list[Any]) -> None:
        self._store, self._loaded = store, loaded
        self.get, self.put, self.number = store.get, store.put, store.number
        self.count, self.total = store.count, store.total
        self.rows = store.rows
        self.remove, self.amend = getattr(store, "remove", None), getattr(store, "amend", None)
        self.index, self.candidates = store.index, store.candidates

    def find(self, kind: type[Any], /, **where: Any) -> Sequence[Any]:
        found = self._store.find(kind, **where)
        self._loaded.extend(found)
        return found


class KeysOnly:
    """A store that reads by key alone: any search is an error."""

    def __init__(self, store: Store) -> None:
        self.get, self.put, self.number = store.get, store.put, store.number

    def find(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("an ordinary message must cost no query")

    count = total = find
