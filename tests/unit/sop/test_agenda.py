"""What falls due from a pack, said before it happens, and that it is what then happens."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rehearsal import script
from bot.rehearsal.stage import Stage
from sop.agenda import agenda, agenda_marks, agenda_steps
from sop.agenda.agenda import Agenda, Known
from sop.book import Book
from sop.budgets import budget
from sop.pack.pack_steps import ACTIONS
from sop.times import localtime, quiet
from tests import builders

FIRST = date(2026, 12, 1)
HOUR = 3_600_000

STEPS = """\
quiet: "22:30-07:30"
skip: ["2026-12-10..2026-12-11"]
steps:
  - {id: morning, when: "08:00 workdays", do: [{post: 早上好}]}
  - {id: early, when: "06:00 sat", do: [{post: 周末好}]}
  - {id: echo, when: {after: early, delay: 45m}, do: [{post: 再说一句}]}
  - {id: late, when: "23:00 day 3", do: [{post: 晚安}]}
  - {id: held-into-skip, when: "23:00 day 9", do: [{post: 晚安}]}
  - {id: counted, when: "23:30 daily", do: [{task: {text: 数一数}}]}
  - {id: eve, when: "09:00 festival 冬至", do: [{post: 吃饺子}]}
  - {id: core-only, when: "20:00 mon", in: core, do: [{post: 核心}]}
  - {id: charter, when: group.created, do: [{post: 群规}]}
  - {id: third, when: group.created + 3d at 09:00, do: [{post: 第三天}]}
  - {id: adopted, when: group.adopted + 2h, do: [{post: 接入}]}
  - {id: welcome, when: member.joined, batch: 60s, do: [{post: "欢迎 {{ members }}"}]}
  - {id: single, when: member.joined, batch: {for: 10m, or: 1}, do: [{post: 欢迎}]}
  - {id: nudge, when: member.joined + 1d at 10:00, do: [{dm: "{{ member.name }}，你好"}]}
  - {id: nudged, when: {after: nudge, delay: 1h}, do: [{dm: 还在吗}]}
  - {id: opening, when: start - 1d at 20:00, do: [{post: 明天开营}]}
  - {id: quiet-day, when: {silence: 24h}, do: [{post: 在吗}]}
  - {id: woken, when: {after: quiet-day}, do: [{post: 在的}]}
"""
BOOK = builders.book(STEPS)


def at(words: str, book: Book = BOOK) -> int:
    return localtime.resolve(datetime.fromisoformat(words), book.zone)


def planned(known: Known = Known(), days: int = 31, book: Book = BOOK) -> Agenda:  # noqa: B008 - frozen
    return agenda.agenda_of(book, known, FIRST, days)


def shown(found: Agenda, *steps: str, book: Book = BOOK) -> list[str]:
    return [
        f"{localtime.wall_time(entry.at, book.zone):%m-%d %H:%M} {entry.step.id}"
        for entry in found.entries
        if entry.step.id in steps
    ]


def test_what_quiet_hours_would_hold_until_a_day_in_skip_is_left_out():
    assert not shown(planned(), "held-into-skip")
    assert shown(planned(), "late") == ["12-03 23:00 late"]


def waiting(found: Agenda) -> list[str]:
    return [step.id for step in found.relative]


def test_days_in_the_pack_s_skip_are_left_out():
    days = [line[:5] for line in shown(planned(), "morning")]

    assert days == [
        "12-01", "12-02", "12-03", "12-04", "12-07", "12-08", "12-09", "12-14", "12-15", "12-16",
        "12-17", "12-18", "12-21", "12-22", "12-23", "12-24", "12-25", "12-28", "12-29", "12-30",
        "12-31",
    ]  # fmt: skip


def test_what_hangs_on_events_waits_for_them():
    assert waiting(planned()) == [
        "charter", "third", "adopted", "welcome", "single", "nudge", "nudged", "opening",
        "quiet-day", "woken",
    ]  # fmt: skip


def test_a_known_membership_places_its_steps_the_batch_waited_for():
    found = planned(Known(joined=at("2026-12-01T15:00")))

    assert shown(found, "welcome", "single", "nudge", "nudged") == [
        "12-01 15:00 single", "12-01 15:01 welcome", "12-02 10:00 nudge", "12-02 11:00 nudged",
    ]  # fmt: skip
    assert waiting(found) == ["charter", "third", "adopted", "opening", "quiet-day", "woken"]


def test_known_events_outside_of_the_days_leave_nothing_waiting_and_nothing_shown():
    found = planned(Known(joined=at("2026-06-01T15:00")))

    assert shown(found, "welcome", "nudge") == []
    assert "nudge" not in waiting(found)


def test_a_group_and_a_camp_have_their_days():
    known = Known(
        created=at("2026-12-01T07:50"), adopted=at("2026-12-04T22:00"), starts=date(2026, 12, 5)
    )

    found = shown(planned(known), "charter", "third", "adopted", "opening")

    assert found == [
        "12-01 07:50 charter", "12-04 09:00 third", "12-04 20:00 opening", "12-05 00:00 adopted",
    ]  # fmt: skip


def test_quiet_hours_move_what_speaks_and_nothing_else():
    moved = {
        entry.step.id: f"{localtime.wall_time(entry.real, BOOK.zone):%m-%d %H:%M}"
        for entry in planned(days=5).entries
        if entry.is_shifted
    }

    assert moved == {"late": "12-04 07:30", "early": "12-05 07:30"}


def test_a_chain_goes_from_when_the_step_before_it_really_ran():
    assert shown(planned(), "early", "echo")[:4] == [
        "12-05 06:00 early", "12-05 08:15 echo", "12-12 06:00 early", "12-12 08:15 echo",
    ]  # fmt: skip


def test_a_chain_whose_first_step_ran_the_day_before_is_in_the_next_days():
    found = agenda.agenda_of(
        builders.book("""\
quiet: "22:30-07:30"
steps:
  - {id: a, when: "2026-11-30 23:00", do: [{post: 甲}]}
  - {id: b, when: {after: a, delay: 30m}, do: [{post: 乙}]}
  - {id: c, when: {after: b, delay: 30m}, do: [{post: 丙}]}
"""), Known(), FIRST, 1,
    )  # fmt: skip

    assert shown(found, "a", "b", "c") == ["12-01 08:00 b", "12-01 08:30 c"]


def test_a_group_of_one_layer_has_the_steps_of_that_layer():
    core, regular = (planned(Known(layer=layer)) for layer in agenda.LAYERS[::-1])

    assert {entry.step.id for entry in core.entries} == {"core-only"}
    assert "core-only" not in {entry.step.id for entry in regular.entries}


def test_a_pack_that_would_fill_a_book_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(agenda, "MOST", 1_000)
    book = builders.book('steps: [{id: a, when: {cron: "* * * * *"}, do: [{post: 甲}]}]')

    with pytest.raises(agenda.TooMuch, match="more than 1,000"):
        planned(book=book)


WHENS = (
    '"08:00 daily"', '"07:10 workdays"', '"23:10 sat,sun"', '"09:00 last day"', '"00:00 mon"',
    '{cron: "15 */7 * * *"}', '"09:00 festival 冬至"', "{after: s0, delay: 50m}", "member.joined",
    "member.joined + 1d at 23:00", "member.joined + 9h",
    "group.created + 2d at 22:45", "start + 1d at 06:00", "{silence: 5h}",
)  # fmt: skip
DOES = ("{post: 甲}", "{task: {text: 丁}}", "{ask: 乙}", "{questions: {title: 丙}}")


@st.composite
def books(draw: Any, *, zones: Iterable[str] = ("Asia/Shanghai", "Europe/London")) -> Book:
    steps = draw(st.lists(st.tuples(st.sampled_from(WHENS), st.sampled_from(DOES)), max_size=6))
    lines = [f"  - {{id: s{n}, when: {when}, do: [{do}]}}" for n, (when, do) in enumerate(steps)
             if n or "after" not in when]  # fmt: skip
    if not any("id: s0," in line for line in lines):
        lines = [line for line in lines if "after" not in line]
    night = draw(st.sampled_from(['quiet: "22:30-07:30"', 'quiet: "01:00-03:00"', ""]))
    zone = draw(st.sampled_from(tuple(zones)))
    body = "\n".join(lines)
    steps_text = f"steps:\n{body}" if lines else "steps: []"
    return builders.book(f"timezone: {zone}\n{night}\n{steps_text}\n")


def known_of(book: Book, first: date) -> Known:
    noon = localtime.instant(first + timedelta(days=1), 720, book.zone)
    return Known(joined=noon, created=noon, adopted=noon, starts=first)


dates = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@settings(max_examples=60, deadline=None)
@given(books(), dates, st.integers(1, 9), st.integers(1, 9))
def test_days_asked_for_together_are_the_days_asked_for_apart(
    book: Book, first: date, some: int, more: int
):
    known = known_of(book, first)
    whole = agenda.agenda_of(book, known, first, some + more)

    begun = agenda.agenda_of(book, known, first, some)
    rest = agenda.agenda_of(book, known, first + timedelta(days=some), more)

    assert whole.entries == (*begun.entries, *rest.entries)
    assert whole.relative == begun.relative == rest.relative


@settings(max_examples=60, deadline=None)
@given(books(), dates, st.integers(1, 20))
def test_entries_are_in_their_days_in_order_and_never_speak_at_night(
    book: Book, first: date, days: int
):
    found = agenda.agenda_of(book, known_of(book, first), first, days)

    times = [entry.at for entry in found.entries]
    assert times == sorted(times)
    for entry in found.entries:
        local = localtime.local_date(entry.at, book.zone)
        assert first <= local < first + timedelta(days=days)
        if budget.posts_from(entry.step):
            assert not quiet.is_quiet(book.pack.quiet, entry.real, book.zone)


def rehearsed(book: Book, first: date, days: int) -> list[tuple[int, str]]:
    """When each step posts in a group created at noon of the second day, joined at three."""
    noon = localtime.instant(first + timedelta(days=1), 720, book.zone)
    start, end = (
        localtime.instant(first + timedelta(days=ahead), 0, book.zone) for ahead in (0, days)
    )
    cues = [
        script.Cue(1, noon, "group.created", {"group": "g", "owner": "boss"}),
        script.Cue(2, noon + 3 * HOUR, "member.joined", {"group": "g", "member": "li"}),
    ]
    stage = Stage(book)
    try:
        lines = [
            line for line in stage.play(cues, start, end + 86_400_000)
            if line["do"] == "post" and "step" in line
        ]  # fmt: skip
    finally:
        stage.close()
    found = [(round(datetime.fromisoformat(line["at"]).timestamp() * 1_000), line["step"])
             for line in lines]  # fmt: skip
    return sorted((at, step) for at, step in found if at < end)


@settings(max_examples=15, deadline=None)
@given(books(zones=["Asia/Shanghai", "America/New_York"]), dates)
def test_what_the_calendar_says_is_what_the_rehearsal_does(book: Book, first: date):
    steps = [
        step for step in book.pack.steps
        if agenda_steps.kind_of(step) in ("content", "topic", "questions")
    ]  # fmt: skip
    ids = {step.id for step in steps}
    noon = localtime.instant(first + timedelta(days=1), 720, book.zone)
    end = localtime.local_midnight(first + timedelta(days=7), book.zone)

    found = agenda.agenda_of(book, Known(created=noon, joined=noon + 3 * HOUR), first, 7)

    # A group runs from its creation on; what began before it, or waits for events, is no test.
    said = sorted((entry.real, entry.step.id) for entry in found.entries
                  if entry.step.id in ids and entry.at > noon and entry.real < end)  # fmt: skip
    done = [(at, step) for at, step in rehearsed(book, first, 7)
            if step in ids - {each.id for each in found.relative} and at > noon]  # fmt: skip
    assert said == unslotted(done, book)


def unslotted(posts: list[tuple[int, str]], book: Book) -> list[tuple[int, str]]:
    """The posts that begin something: a slot's digest is no occurrence of its own."""
    kept = []
    for at, step in posts:
        found = book.step(step)
        assert found is not None
        slot = agenda_steps.kind_of(found) == "questions"
        if not (slot and any(at - 3_600_000 == before for before, each in posts if each == step)):
            kept.append((at, step))
    return kept


BUSY = builders.book("""\
budget: {group: 3/day}
quiet: "22:30-07:30"
steps:
  - {id: low, when: "07:30 daily", priority: low, do: [{post: 甲}]}
  - {id: night, when: "07:00 daily", do: [{post: 乙}]}
  - {id: chained, when: {after: night}, do: [{post: 丙}]}
  - {id: high, when: "07:30 daily", priority: high, do: [{post: 丁}, {post: 戊}]}
  - {id: core, when: "07:30 daily", in: core, do: [{post: 己}]}
  - {id: letter, when: member.joined, do: [{dm: 庚}]}
""")


def marked(known: Known = Known()) -> dict[str, agenda.Entry]:  # noqa: B008 - frozen
    found = agenda.agenda_of(BUSY, known, FIRST, 1)
    return {entry.step.id: entry for entry in agenda_marks.marked(found, BUSY, known).entries}


def test_steps_clash_that_speak_in_one_group_in_one_minute_but_not_with_their_own_chain():
    found = {name: set(entry.clash) for name, entry in marked().items()}

    assert found == {
        "low": {"night", "chained", "high"}, "night": {"low", "high"},
        "chained": {"low", "high"}, "high": {"low", "night", "chained"}, "core": set(),
    }  # fmt: skip


def test_a_private_message_clashes_with_nothing():
    joined = at("2026-12-01T07:30")

    assert marked(Known(joined=joined))["letter"].clash == ()


def test_the_budget_is_spent_by_time_then_by_priority():
    over = {name: entry.over for name, entry in marked().items()}

    assert over == {"high": None, "night": None, "chained": (4, 3), "low": (5, 3), "core": None}


BUNDLED = builders.book("""\
budget: {group: 2/day}
quiet: "22:30-07:30"
bundle: {at: "08:30"}
steps:
  - {id: early, when: "07:00 daily", do: [{post: 甲}]}
  - {id: early-too, when: "07:00 daily", do: [{post: 乙}]}
  - {id: noon, when: "12:00 daily", do: [{post: 丙}]}
  - {id: slot, when: "08:30 daily", do: [{questions: {title: 答疑}}]}
""")


def test_where_a_send_costs_a_tap_the_day_s_posts_go_out_as_one():
    known = Known(channels={"customer": "wrX"})

    found = agenda_marks.marked(
        agenda.agenda_of(BUNDLED, known, FIRST, 1), BUNDLED, known
    ).entries  # fmt: skip

    told = {
        entry.step.id: (f"{localtime.wall_time(entry.real, BUNDLED.zone):%d %H:%M}", entry.bundled)
        for entry in found
    }
    assert told == {
        "early": ("01 08:30", True), "early-too": ("01 08:30", True),
        "noon": ("02 08:30", True), "slot": ("01 08:30", False),
    }  # fmt: skip
    assert {entry.step.id: set(entry.clash) for entry in found} == {
        "early": {"slot"}, "early-too": {"slot"}, "noon": set(), "slot": {"early", "early-too"},
    }  # fmt: skip
    assert [entry.over for entry in found] == [None] * 4


def test_a_group_that_hears_posts_from_the_bot_itself_has_no_bundle():
    found = agenda.agenda_of(BUNDLED, Known(channels={"sandbox": "g"}), FIRST, 1)

    assert {entry.bundled for entry in found.entries} == {False}


def test_without_a_budget_nothing_is_over_it():
    found = planned()

    assert {entry.over for entry in agenda_marks.marked(found, BOOK, Known()).entries} == {None}


@pytest.mark.parametrize(
    ("do", "title", "kind", "posts"),
    [
        ("{post: '{{ group.name }} 早'}", "书友会 早", "content", 1),
        ('{post: ["第一段\\n\\n第二段", 乙]}', "第一段", "content", 1),
        ("{dm: '{{ member.name }}，你好'}", "某某，你好", "private", 0),
        ("{drop: morning}", "内容库「morning」", "content", 1),
        ("{drop: morning}, {ask: {from: item}}", "内容库「morning」", "topic", 1),
        ("{drop: morning}, {ask: 怎么看？}", "怎么看？", "topic", 2),
        ("{questions: {title: 答疑}}", "答疑", "questions", 1),
        ("{game: idiom-chain}", "成语接龙", "game", 1),
        ("{report: {kind: weekly, to: group}}", "周报", "report", 1),
        ("{report: {kind: daily, to: owner}}", "日报", "report", 0),
        ("{review: layers}", "评议", "report", 0),
        ("{task: {text: 发红包}}", "发红包", "task", 0),
        ("{post: 一二三四五六七八九十一二三四五六七八九十一二三四五}",
         "一二三四五六七八九十一二三四五六七八九十一二三…", "content", 1),
        ("{post: '{{ texts.hello }}'}", "你好 发「领取」", "content", 1),
    ],
)  # fmt: skip
def test_a_step_is_called_by_the_beginning_of_what_it_says(
    do: str, title: str, kind: str, posts: int
):
    joined = "member.joined" if "member" in do else '"08:00 daily"'
    book = builders.book(f"""\
library: {{morning: [{{text: 甲, ask: 乙}}]}}
texts: {{hello: "你好 {{{{ say('领取') }}}}"}}
layers: {{core: {{enter: {{score: ">= 9"}}, leave: {{score: "< 5"}}}}}}
steps:
  - {{id: step, when: {joined}, do: [{do}]}}
""")
    step = book.pack.steps[0]

    said = agenda_steps.title_of(step, book.pack)

    assert (said, agenda_steps.kind_of(step), budget.posts_from(step)) == (title, kind, posts)


def test_a_title_comes_before_every_text_and_an_empty_step_is_called_by_its_id():
    book = builders.book("""\
steps:
  - {id: titled, title: 晨读, when: "08:00 daily", do: [{post: 早}]}
  - {id: empty, when: "08:00 daily", do: []}
""")

    assert [agenda_steps.title_of(step, book.pack) for step in book.pack.steps] == [
        "晨读",
        "empty",
    ]


def test_a_title_is_one_line_without_signs_that_control():
    book = builders.book("""\
steps:
  - {id: a, title: "早\\n读 \\r\\u2028x", when: "08:00 daily", do: [{post: 甲}]}
  - {id: b, title: "\\n", when: "08:00 daily", do: [{post: "\\r乙"}]}
""")

    assert [agenda_steps.title_of(step, book.pack) for step in book.pack.steps] == [
        "早 读 x", "乙",
    ]  # fmt: skip


def test_a_text_names_the_group_it_is_for():
    book = builders.book('steps: [{id: a, when: "08:00 daily", do: [{post: "{{ group.name }}"}]}]')

    assert agenda_steps.title_of(book.pack.steps[0], book.pack, "一群") == "一群"


def test_every_action_of_a_pack_has_a_kind():
    named = [name for names in agenda_steps.KINDS.values() for name in names]

    assert sorted(named) == sorted(ACTIONS)
