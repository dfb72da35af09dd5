"""One event, one unit of work: order of routes, repeats, and a handler that raises."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.clock.due import event_of
from bot.dispatcher import Dispatcher, Handled
from bot.envelope import thaw
from bot.intake.writer import Done, Job, Writer
from bot.routes import Route, always
from handlers.ports import Context, Outcome, Store
from sop.actions import Action
from sop.events import Event, MessageReceived, ReplyRoute, StepDue
from sop.model import DeadEvent, Note, Occurrence, Outgoing, Person, SeenEvent
from sop.told_events import MemberPaid
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP, message
from tests.databases import in_memory
from tests.lives import life

NOW = EVENING + 5

Handler = Callable[[Any, Context], Outcome]


@pytest.fixture
def writer() -> Iterator[Writer]:
    with in_memory() as database:
        writer = Writer(database)
        writer.run([Job(run=lambda store: store.put(builders.group()))])
        yield writer


def route(name: str, handler: Handler, accepts: Callable[[Any], bool] = always) -> Any:
    return MessageReceived, Route(name, handler, accepts)


def dispatcher(*routes: Any, books: bool = True) -> Dispatcher:
    book = builders.book() if books else None
    return Dispatcher(routes, lambda _community: book, lambda: NOW)


def done(writer: Writer, work: Dispatcher, *events: Event) -> list[Done]:
    return writer.run([work.job(event) for event in events])


def handled(writer: Writer, work: Dispatcher, event: Event) -> Handled:
    result: Handled = done(writer, work, event)[0].result
    return result


def read(writer: Writer, kind: type[Any], **where: Any) -> list[Any]:
    found = writer.run([Job(run=lambda store: list(store.find(kind, **where)))])[0]
    assert found.error is None
    return list(found.result)


def says(*texts: str, stop: bool = False) -> Handler:
    lines = tuple(Action(do="reply", text=text) for text in texts)
    return lambda _event, _context: Outcome(actions=lines, stop=stop)


def raising(_event: Any, context: Context) -> Outcome:
    context.store.put(Note(community=COMMUNITY, id=99, group="", at=1, do="error", body={}))
    raise ZeroDivisionError("哎呀")


def test_handlers_see_an_event_in_the_order_of_the_map(writer: Writer):
    work = dispatcher(
        route("a", says("1", "2")), route("b", lambda _e, _c: Outcome()), route("c", says("3"))
    )

    result = handled(writer, work, message("早"))

    assert [action.text for action in result.actions] == ["1", "2", "3"]
    assert result.routes == ("a", "c")
    assert result.outcome == "handled"


def test_who_ends_the_matter_is_the_last_to_speak(writer: Writer):
    ends = route("ends", lambda _event, _context: Outcome(stop=True))
    work = dispatcher(route("a", says("1")), ends, route("c", raising))

    result = handled(writer, work, message("早"))

    assert result.routes == ("a", "ends")
    assert [action.text for action in result.actions] == ["1"]


def test_a_filter_that_disagrees_passes_the_event_by(writer: Writer):
    work = dispatcher(
        route("a", raising, lambda event: bool(event.group) and event.sender == "boss"),
        route("b", says("2"), lambda event: event.sender == "li.si"),
    )

    assert handled(writer, work, message("早")).routes == ("b",)


def test_a_later_handler_knows_what_was_decided_and_stored_before_it(writer: Writer):
    seen: list[Any] = []

    def first(_event: Any, context: Context) -> Outcome:
        assert context.person is not None
        context.store.put(builders.person(context.person_id, userid="li.si", balance=7))
        return Outcome(actions=(Action(do="reply", text="1"),))

    def last(_event: Any, context: Context) -> Outcome:
        assert context.person is not None
        seen.append((tuple(each.text for each in context.earlier), context.person.balance))
        return Outcome()

    handled(writer, dispatcher(route("a", first), route("b", last)), message("早"))

    assert seen == [(("1",), 7)]


def test_who_acted_is_known_to_the_handler_by_person_and_by_name(writer: Writer):
    seen: list[Person | None] = []

    def look(_event: Any, context: Context) -> Outcome:
        seen.append(context.person)
        return Outcome()

    work = dispatcher(route("a", look))
    handled(writer, work, message("早", key="1", sender="Li.Si", name="李四"))
    handled(writer, work, message("早", key="2", sender="LI.SI"))

    assert [person.name for person in seen if person is not None] == ["李四", "李四"]
    assert len(read(writer, Person)) == 1


def test_an_event_is_handled_no_earlier_than_it_happened(writer: Writer):
    seen: list[int] = []

    def look(_event: Any, context: Context) -> Outcome:
        seen.append(context.now)
        return Outcome()

    work = dispatcher(route("a", look))
    for key, at in (("1", EVENING), ("2", NOW + 60_000)):
        handled(writer, work, message("早", key=key, at=at))

    assert seen == [NOW, NOW + 60_000]


def test_a_repeat_decides_nothing_and_returns_the_deliveries_it_had(writer: Writer):
    work = dispatcher(route("a", says("1", "2")))
    first = handled(writer, work, message("早", key="k"))

    again = handled(writer, work, message("早", key="k"))

    assert again.repeat
    assert again.outcome == "repeat"
    assert again.actions == ()
    assert first.outgoing == again.outgoing
    assert len(read(writer, Outgoing)) == 2


def test_a_repeat_in_the_same_transaction_is_a_repeat(writer: Writer):
    work = dispatcher(route("a", says("1")))

    results = done(writer, work, message("早", key="k"), message("早", key="k"))

    assert [each.result.repeat for each in results] == [False, True]
    assert len(read(writer, Outgoing)) == 1


def test_a_repeat_shows_what_became_of_its_deliveries_since(writer: Writer):
    work = dispatcher(route("a", says("1")))
    waiting = message("早", key="k", route=ReplyRoute(waiting=True))
    (leased,) = handled(writer, work, waiting).outgoing
    assert leased.status == "leased"

    def confirm(store: Store) -> None:
        store.put(replace(leased, status="sent"))

    writer.run([Job(run=confirm)])

    assert [each.status for each in handled(writer, work, waiting).outgoing] == ["sent"]


def test_a_handler_that_raises_takes_only_its_own_event_with_it(writer: Writer):
    work = dispatcher(route("a", says("1")), route("b", raising, lambda event: event.text == "坏"))

    results = done(writer, work, message("早", key="1"), message("坏", key="2"),
                   message("晚", key="3"))  # fmt: skip

    assert [each.result.outcome for each in results] == ["handled", "dead", "handled"]
    assert [each.event_key for each in read(writer, Outgoing)] == ["1", "3"]
    assert read(writer, Note) == []


def test_a_dead_event_is_kept_with_what_is_needed_to_try_again(writer: Writer):
    event = message("坏", key="k", quote="原话")

    result = handled(writer, dispatcher(route("b", raising)), event)

    assert result.error == "ZeroDivisionError: 哎呀"
    (dead,) = read(writer, DeadEvent)
    assert ("k", COMMUNITY, NOW, result.error) == (
        dead.key_, dead.community, dead.at, dead.error
    )  # fmt: skip
    assert event == thaw(dead.payload)


def test_a_repeat_of_a_dead_event_does_not_die_again(writer: Writer):
    work = dispatcher(route("b", raising))
    handled(writer, work, message("坏", key="k"))

    assert handled(writer, work, message("坏", key="k")).outcome == "repeat"
    assert len(read(writer, DeadEvent)) == 1


def test_the_longest_error_is_cut(writer: Writer):
    def shout(_event: Any, _context: Context) -> Outcome:
        raise ValueError("啊" * 100_000)

    handled(writer, dispatcher(route("b", shout)), message("坏"))

    assert len(read(writer, DeadEvent)[0].error) == 2_000


def test_an_event_of_a_community_without_a_pack_is_kept_until_there_is_one(writer: Writer):
    result = handled(writer, dispatcher(route("a", says("1")), books=False), message("早"))

    assert "LookupError" in result.error
    assert COMMUNITY in read(writer, DeadEvent)[0].error


def test_an_event_without_a_handler_is_handled_by_nobody(writer: Writer):
    event = MemberPaid(key="p", community=COMMUNITY, at=EVENING, member="li.si", value=True)

    result = handled(writer, dispatcher(route("a", raising)), event)

    assert (result.routes, result.actions) == ((), ())
    assert [seen.key_ for seen in read(writer, SeenEvent)] == ["p"]


def test_an_event_of_nobody_has_no_person(writer: Writer):
    seen: list[int] = []

    def look(_event: Any, context: Context) -> Outcome:
        seen.append(context.person_id)
        return Outcome()

    handled(writer, dispatcher(route("a", look)), message("早", sender=""))

    assert seen == [0]
    assert read(writer, Person) == []


def occurrence(**fields: Any) -> Occurrence:
    values = {
        "community": COMMUNITY, "group": GROUP, "kind": "step", "step": "s", "subject": "",
        "cause": "", "due_at": EVENING, "run_at": EVENING, **fields,
    }  # fmt: skip
    return Occurrence(**values)


def test_a_due_occurrence_is_told_apart_by_its_own_row_alone(writer: Writer):
    runs: list[str] = []

    def run(event: StepDue, _context: Context) -> Outcome:
        runs.append(event.key)
        return Outcome()

    work = dispatcher((StepDue, Route("run", run)))
    event = event_of(occurrence(), NOW)
    handled(writer, work, event)
    handled(writer, work, event)

    assert len(runs) == 2
    assert read(writer, SeenEvent) == []


def test_an_occurrence_whose_handler_raises_is_not_tried_for_ever(writer: Writer):
    writer.run([Job(run=lambda store: store.put(occurrence()))])
    event = event_of(occurrence(), NOW)

    result = handled(writer, dispatcher((StepDue, Route("run", raising))), event)

    assert result.outcome == "dead"
    assert [each.status for each in read(writer, Occurrence)] == ["dead"]
    assert event == thaw(read(writer, DeadEvent)[0].payload)


def test_what_a_batch_reads_beforehand_changes_nothing(writer: Writer):
    work = dispatcher(route("a", says("1")))

    done(writer, work, *(message("早", key=str(number)) for number in range(40)))

    assert len(read(writer, Person)) == 1
    assert [each.event_key for each in read(writer, Outgoing, order="id")] == [
        str(number) for number in range(40)
    ]


def test_an_occurrence_nobody_settles_dies_instead_of_coming_back_for_ever():
    with life() as club:
        stray = Occurrence(
            community=COMMUNITY, group=GROUP, kind="nobody", step="", subject="", cause="",
            due_at=club.now, run_at=club.now,
        )  # fmt: skip
        batch = club.database.batch()
        with batch.event() as store:
            store.put(stray)
        batch.commit()

        with pytest.raises(LookupError, match="nobody"):
            club.handle(*club.due())
