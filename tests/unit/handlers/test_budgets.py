"""What the bot starts by itself never exceeds the budget, and nothing is lost silently."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from sop.actions import Action
from sop.model import Group, Occurrence, Spending, StepRun, Trace
from sop.times import localtime
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.lives import DAY, HOUR, MINUTE, Life, life, of, texts

THREE = """
quiet: "22:00-07:30"
budget: {group: 2/day}
steps:
  - {id: a-low, when: "20:30 daily", priority: low, do: [{post: 低}]}
  - {id: b-mid, when: "20:30 daily", do: [{post: 中}]}
  - {id: c-high, when: "20:30 daily", priority: high, do: [{post: 高}]}
"""


def ran(club: Life, until: int) -> list[Action]:
    club.enforce(*club.read(Group))
    return club.wait(until)


def fates(lines: Iterable[Action]) -> list[tuple[str, str, str]]:
    return [(line.do, line.step, line.reason) for line in lines]


def test_where_the_budget_is_short_the_higher_go_and_the_lower_wait_for_the_next_day():
    with life(THREE) as club:
        evening = ran(club, EVENING + 11 * HOUR)
        assert fates(evening) == [
            ("post", "c-high", ""), ("post", "b-mid", ""), ("held", "a-low", "budget"),
        ]  # fmt: skip
        assert evening[-1].why == ("budget: 2 of 2 today for the group, renews 2026-12-03 00:00")
        morning = club.wait(EVENING + 12 * HOUR)

        assert fates(morning) == [("post", "a-low", "")]
        assert [run.at for run in club.read(StepRun, step="a-low")] == [
            EVENING + 11 * HOUR + 30 * MINUTE
        ]
        (trace,) = club.read(Trace, step="a-low")
        assert (trace.verdict, trace.held) == ("run", ((EVENING + 30 * MINUTE, "budget"),))


def test_what_was_held_stays_silent_on_a_day_that_is_skipped():
    with life(THREE + 'skip: ["2026-12-03..2026-12-03"]\n') as club:
        ran(club, EVENING + 11 * HOUR)

        assert fates(club.wait(EVENING + 12 * HOUR)) == [("dropped", "a-low", "skip")]


def test_a_crash_counts_nothing_and_who_starts_anew_goes_on_counting():
    with life(THREE) as club:
        club.enforce()
        club.now += 30 * MINUTE
        club.handle(*club.due(), crash=True)
        assert club.read(Spending) == []

        again = Life(club.database, club.book, club.now)
        assert [line.do for line in again.tick()] == ["post", "post", "held"]
        later = Life(club.database, club.book, club.now + MINUTE)
        assert later.tick() == []
        assert [each.spent for each in later.read(Spending)] == [2]


def test_steps_of_one_instant_and_priority_keep_the_order_of_the_pack():
    pack = """
steps:
  - {id: z-first, when: "21:00 daily", do: [{post: 一}]}
  - {id: a-second, when: "21:00 daily", do: [{post: 二}]}
  - {id: m-zero, when: "21:00 daily", priority: high, do: [{post: 零}]}
"""
    with life(pack) as club:
        assert texts(ran(club, EVENING + 2 * HOUR)) == ["零", "一", "二"]

        club.book = builders.book(
            builders.HEAD + pack.replace("do: [{post: 二", "priority: high, do: [{post: 二")
        )
        club.enforce()
        assert texts(club.wait(EVENING + 26 * HOUR)) == ["二", "零", "一"]


def test_what_waits_until_its_next_occurrence_comes_is_dropped():
    pack = """
budget: {group: 1/day}
steps:
  - {id: first, when: "20:10 daily", do: [{post: 一}]}
  - {id: hourly, when: {cron: "30 20-23 * * *"}, do: [{post: 二}]}
"""
    with life(pack) as club:
        lines = ran(club, EVENING + 5 * HOUR)

        assert fates(lines) == [
            ("post", "first", ""), *[("held", "hourly", "budget")] * 4,
            *[("dropped", "hourly", "budget")] * 3, ("post", "hourly", ""),
        ]  # fmt: skip
        assert lines[5].why == "budget: its next occurrence came at 2026-12-02 21:30"


def test_a_step_of_more_messages_than_a_day_allows_goes_on_the_next_day():
    pack = """
budget: {group: 2/day}
steps:
  - id: long
    when: "2026-12-02 21:00"
    limit: {group: 1/7d}
    do: [{post: 一}, {task: {text: 甲}}, {post: 二}, {post: 三}, {task: {text: 乙}}, {post: 四}]
"""
    with life(pack) as club:
        lines = ran(club, EVENING + 3 * DAY)

        lines = [line for line in lines if line.do != "dm"]
        assert fates(lines) == [
            ("post", "long", ""), ("task", "long", ""), ("post", "long", ""),
            ("held", "long", "budget"),
            ("post", "long", ""), ("task", "long", ""), ("post", "long", ""),
        ]  # fmt: skip
        assert texts(lines, "post") == ["一", "二", "三", "四"]
        assert len(club.read(StepRun)) == 1


def test_a_step_waits_whole_where_it_would_fit_a_fresh_day():
    pack = """
budget: {group: 2/day}
steps:
  - {id: one, when: "2026-12-02 20:30", do: [{post: 一}]}
  - {id: two, when: "2026-12-02 21:00", do: [{post: 二}, {post: 三}]}
"""
    with life(pack) as club:
        lines = ran(club, EVENING + DAY)

        assert fates(lines)[:2] == [("post", "one", ""), ("held", "two", "budget")]
        assert lines[1].why.startswith("budget: 1 of 2 today for the group, needs 2")
        assert texts(lines[2:]) == ["二", "三"]


LETTERS = """
budget: {member: 1/day}
steps:
  - {id: hello, when: member.joined + 10m, do: [{dm: 你好}, {post: 大家好}]}
  - {id: later, when: member.joined + 20m, do: [{dm: 还在吗}]}
"""


def test_a_members_private_messages_have_a_budget_of_their_own():
    with life(LETTERS) as club:
        club.join("li")
        club.now += 11 * MINUTE
        club.join("amy")
        lines = club.wait(EVENING + HOUR)
        assert [(line.do, line.step, line.member) for line in lines] == [
            ("dm", "hello", "1"), ("post", "hello", ""), ("held", "later", "1"),
            ("dm", "hello", "2"), ("post", "hello", ""), ("held", "later", "2"),
        ]  # fmt: skip

        assert texts(club.wait(EVENING + 5 * HOUR)) == ["还在吗", "还在吗"]


def test_a_member_of_two_groups_has_one_budget():
    other = builders.group(id="g2", channels={"sandbox": "g2"})
    with life(LETTERS, groups=[builders.group(), other]) as club:
        club.join("li")
        club.join("li", group="g2")
        lines = club.wait(EVENING + 15 * MINUTE)

        assert len(of(lines, "dm")) == 1
        assert [line.group for line in of(lines, "held")] == ["g2"]


def test_who_has_no_budget_left_waits_alone_and_the_others_are_welcomed():
    pack = """
budget: {member: 1/day}
steps:
  - {id: early, when: member.joined, do: [{dm: 欢迎}]}
  - {id: welcome, when: member.joined + 10m, batch: 5m, do: [{dm: "{{ member.name }}"}]}
"""
    with life(pack) as club:
        club.join("amy", "bob")
        lines = club.wait(EVENING + HOUR)

        assert texts(lines, "dm") == ["欢迎", "欢迎"]
        assert [line.member for line in of(lines, "held")] == ["1", "2"]
        assert sorted(texts(club.wait(EVENING + 5 * HOUR))) == ["Amy", "Bob"]


def test_answers_are_never_held_and_do_not_count():
    pack = """
budget: {group: 1/day, member: 1/day}
answers: [{asks: [书单在哪], reply: 在这里}]
steps:
  - {id: price, when: {says: [多少钱]}, do: [{post: 看这里}, {dm: 私下说}]}
  - {id: evening, when: "21:00 daily", do: [{post: 晚上好}]}
"""
    with life(pack) as club:
        club.enforce()
        for _ in range(3):
            club.now += MINUTE
            assert [line.do for line in club.say("这个多少钱")] == ["post", "dm"]
            assert [line.do for line in club.say("书单在哪")] == ["reply"]

        assert texts(club.wait(EVENING + 2 * HOUR)) == ["晚上好"]
        assert [each.spent for each in club.read(Spending)] == [1]


def test_everybody_is_addressed_no_oftener_than_the_pack_says_and_the_words_go_out():
    pack = """
budget: {mention_all: 1/2d}
steps: [{id: call, when: "21:00 daily", do: [{post: 集合, mention: all}]}]
"""
    with life(pack) as club:
        lines = ran(club, EVENING + 3 * DAY)

        assert [line.mention for line in of(lines, "post")] == [("all",), (), ("all",)]
        (withheld,) = of(lines, "dropped")
        assert (withheld.mention, withheld.reason) == (("all",), "limit")
        assert withheld.why == "mention_all: 1 of 1 in 2d, last 2026-12-02 21:00"


def test_who_wants_to_be_left_alone_is_neither_written_to_nor_mentioned():
    pack = """
steps:
  - {id: both, when: member.joined + 1h, do: [{post: "{{ member.name }}", mention: member},
      {dm: 私下}, {award: 5}]}
  - {id: only, when: member.joined + 1h, do: [{dm: 私下}]}
"""
    with life(pack) as club:
        club.join("li")
        with club.acting("li") as context:
            assert context.person is not None
            context.store.put(replace(context.person, nudges_off=True))
        lines = club.wait(EVENING + 2 * HOUR)

        assert [(line.do, line.step, line.mention) for line in lines] == [
            ("post", "both", ()),
            ("points", "both", ()),
        ]
        (trace,) = club.read(Trace, step="only")
        assert (trace.verdict, trace.reason) == ("not-fired", "do-not-disturb")


def test_who_asks_is_answered_whatever_they_want_of_the_bot_otherwise():
    pack = """
steps:
  - {id: price, when: {says: [多少钱]}, do: [{dm: 私下说}, {post: 看, mention: member}]}
  - {id: only, when: {says: [怎么买]}, do: [{dm: 这样买}]}
"""
    with life(pack) as club:
        with club.acting("li") as context:
            assert context.person is not None
            context.store.put(replace(context.person, nudges_off=True))

        assert [(line.do, line.mention) for line in club.say("多少钱")] == [
            ("dm", ()),
            ("post", ("1",)),
        ]
        assert texts(club.say("怎么买呢")) == ["这样买"]


def test_a_slots_digest_counts_and_waits_for_the_budget():
    pack = """
budget: {group: 2/day}
steps:
  - {id: slot, when: "20:30 daily", do: [{questions: {title: 答疑, for: 60m, digest: true}}]}
  - {id: word, when: "21:00 daily", do: [{post: 中场}]}
"""
    with life(pack) as club:
        lines = ran(club, EVENING + 2 * HOUR)
        assert [(line.do, line.reason) for line in lines] == [
            ("post", ""),
            ("post", ""),
            ("held", "budget"),
        ]
        later = club.wait(EVENING + 5 * HOUR)

        assert len(of(later, "post")) == 1
        assert "答疑" in later[0].text
        assert {each.period: each.spent for each in club.read(Spending)} == {
            "2026-12-02": 2, "2026-12-03": 1,
        }  # fmt: skip


def test_a_budget_of_the_week_renews_on_monday():
    with life(THREE.replace("2/day", "1/week")) as club:
        ran(club, EVENING + DAY)
        waiting = club.read(Occurrence, status="pending", step="b-mid", order="due_at")

        # From Wednesday to Monday morning, when the quiet hours end.
        assert waiting[0].run_at == EVENING + 4 * DAY + 11 * HOUR + 30 * MINUTE


def test_what_never_finds_room_is_given_up():
    pack = """
budget: {group: 1/day}
steps:
  - {id: every, when: "00:00 daily", priority: high, do: [{post: 早}]}
  - {id: once, when: member.joined, priority: low, do: [{post: 欢迎}]}
"""
    with life(pack) as club:
        club.enforce()
        club.now = EVENING + 5 * HOUR
        club.tick()
        club.join("li")
        lines = club.wait(EVENING + 20 * DAY)

        assert of(lines, "dropped")[-1].step == "once"
        assert [trace.verdict for trace in club.read(Trace, step="once")] == ["dropped"]
        assert club.read(Occurrence, status="pending", step="once") == []


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.sampled_from(["high", "normal", "low"]), min_size=1, max_size=6), st.integers(1, 6)
)
def test_of_what_is_due_at_once_the_highest_go_in_the_order_of_the_pack(
    priorities: list[str], cap: int
):
    steps = "".join(
        f'  - {{id: s{9 - place}, when: "21:00 daily", priority: {priority}, '
        f"do: [{{post: {place} {priority}}}]}}\n"
        for place, priority in enumerate(priorities)
    )
    with life(f"budget: {{group: {cap}/day}}\nsteps:\n{steps}") as club:
        lines = ran(club, EVENING + HOUR)

        ordered = sorted(priorities, key=["high", "normal", "low"].index)
        assert [text.split()[1] for text in texts(lines, "post")] == ordered[:cap]
        assert len(of(lines, "held")) == max(len(priorities) - cap, 0)
        for priority in set(priorities):
            places = [int(text[0]) for text in texts(lines, "post") if text.endswith(priority)]
            assert places == sorted(places)


LAW = """
timezone: {zone}
budget: {{group: {group}/day, member: 1/day}}
quiet: "01:00-05:00"
steps:
  - {{id: hourly, when: {{cron: "0 */5 * * *"}}, priority: low, missed: all, do: [{{post: 时}}]}}
  - {{id: pair, when: "00:00 daily", do: [{{post: 一}}, {{post: 二}}, {{post: 三}}]}}
  - {{id: noon, when: "12:00 daily", priority: high, grace: 20h, do: [{{post: 午}}]}}
  - {{id: hello, when: member.joined, batch: 2h, do: [{{post: 欢迎}}, {{dm: 好}}]}}
  - {{id: again, when: {{after: hello, delay: 3h}}, do: [{{dm: 还好吗}}]}}
"""

# The clocks go forward, back, and back at midnight; Shanghai stays as it is.
TURNS = [
    ("Asia/Shanghai", EVENING),
    ("Europe/Berlin", 1_774_652_400_000),
    ("America/Havana", 1_793_480_400_000),
    ("Africa/Cairo", 1_776_981_600_000),
]

moves = st.lists(
    st.one_of(
        st.integers(1, 30 * 60).map(lambda minutes: ("wait", minutes)),
        st.integers(1, 20 * 60).map(lambda minutes: ("back", minutes)),
        st.integers(1, 40 * 60).map(lambda minutes: ("down", minutes)),
        st.integers(1, 3).map(lambda count: ("join", count)),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@settings(max_examples=8, deadline=None)
@given(st.sampled_from(TURNS), st.integers(1, 4), moves)
def test_no_order_of_things_exceeds_a_days_budget_or_loses_an_occurrence(
    turn: tuple[str, int], group: int, moved: list[tuple[str, int]]
):
    zone, start = turn
    with life(now=start) as club:
        club.book = builders.book(LAW.format(zone=zone, group=group))
        club.enforce()
        said: list[tuple[int, Action]] = []
        for number, (kind, count) in enumerate(moved):
            _move(club, kind, count, number, said)
        _wait(club, club.now + 12 * DAY, said)

        posts = Counter(_day(at, zone) for at, line in said if line.do == "post")
        letters = Counter((_day(at, zone), line.to) for at, line in said if line.do == "dm")
        assert max(posts.values(), default=0) <= group
        assert max(letters.values(), default=0) <= 1
        runs = Counter((run.step, run.person, run.due_at) for run in club.read(StepRun))
        assert max(runs.values(), default=1) == 1
        ended = {"run", "merged", "dropped", "not-fired"}
        traces = {trace.key: trace for trace in club.read(Trace)}
        for row in club.read(Occurrence, kind="step"):
            key = (COMMUNITY, GROUP, row.step, row.subject, row.cause, row.due_at)
            if row.status == "pending":
                assert row.run_at > club.now
            else:
                assert traces[key].verdict in ended


def _move(club: Life, kind: str, count: int, number: int, said: list[tuple[int, Action]]) -> None:
    if kind == "join":
        club.join(*(f"m{number}-{each}" for each in range(count)))
    elif kind == "back":
        club.now -= count * MINUTE
    elif kind == "down":
        club.now += count * MINUTE
    else:
        _wait(club, club.now + count * MINUTE, said)


def _wait(club: Life, until: int, said: list[tuple[int, Action]]) -> None:
    """As `Life.wait`, with the time of every line."""
    while (moment := club._next()) is not None and moment <= until:
        club.now = max(club.now, moment)
        said.extend((club.now, line) for line in club.tick())
    club.now = until


def _day(at: int, zone: str) -> str:
    return localtime.local_date(at, ZoneInfo(zone)).isoformat()
