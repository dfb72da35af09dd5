"""Where each send costs a tap, the day's posts go out as one."""

from handlers.tasks import tasks
from sop.actions import Action
from sop.model import Occurrence, Spending, StepRun, Task, Thread, Trace
from tests import builders
from tests.builders import EVENING, GROUP
from tests.lives import DAY, HOUR, MINUTE, Life, life, of

TAPPED = builders.group(channels={"customer": GROUP, "archive": GROUP})

DAYS = """
bundle: {at: "08:30", max: %s}
steps:
  - {id: evening, when: "21:00 daily", do: [{post: 晚上好}, {task: {text: 看看群}}]}
  - {id: minor, when: "07:00 daily", priority: low, do: [{post: 小事}]}
  - {id: first, when: "08:30 daily", priority: high, do: [{ask: 今天读什么？}]}
  - {id: later, when: "08:31 daily", if: {value_posts: ">= 1"}, do: [{post: 没有}]}
"""


def ran(club: Life, until: int) -> list[Action]:
    club.enforce(TAPPED)
    return club.wait(until)


def copies(lines: list[Action]) -> list[str]:
    """What people are asked to post, without the heading."""
    return [line.text.partition("\n")[2] for line in of(lines, "task") if "\n" in line.text]


def test_the_days_posts_wait_for_their_minute_and_are_one_tap():
    with life(DAYS % "1/day", groups=[TAPPED]) as club:
        night = ran(club, EVENING + 12 * HOUR)
        assert [(line.do, line.step, line.reason) for line in night] == [
            ("held", "evening", "batch"), ("held", "minor", "batch"),
        ]  # fmt: skip
        assert night[0].why == "bundle: at 08:30"
        morning = club.wait(EVENING + 12 * HOUR + 30 * MINUTE)

        assert copies(morning) == ["今天读什么？\n\n晚上好\n\n小事"]
        assert len(of(morning, "task")) == 2
        assert len(club.read(Thread)) == 1
        assert sorted(run.step for run in club.read(StepRun)) == ["evening", "first", "minor"]
        (sent,) = club.read(Spending)
        assert (sent.scope, sent.spent) == ("bundle:g1", 1)


def test_conditions_are_asked_when_the_bundle_goes_out_and_what_waited_says_how_it_ended():
    with life(DAYS % "1/day", groups=[TAPPED]) as club:
        lines = ran(club, EVENING + 13 * HOUR)
        assert of(lines, "held")[-1].step == "later"
        lines = club.wait(EVENING + 37 * HOUR)

        (dropped,) = of(lines, "dropped")
        assert (dropped.step, dropped.reason) == ("later", "condition")
        assert dropped.why == "value_posts: 0, needs >= 1"


def test_what_does_not_fit_is_posted_by_hand_and_what_matters_little_is_dropped():
    with life(DAYS % "1/week", groups=[TAPPED]) as club:
        ran(club, EVENING + 13 * HOUR)
        lines = club.wait(EVENING + 37 * HOUR)

        assert copies(lines) == ["今天读什么？", "晚上好"]
        dropped = of(lines, "dropped")[0]
        assert (dropped.step, dropped.reason) == ("minor", "cap")
        assert dropped.why == "bundle: 1 of 1 this week"


def test_a_bundle_counts_as_one_message_and_waits_for_the_budget():
    pack = "budget: {group: 1/week}\n" + DAYS % "3/day"
    with life(pack, groups=[TAPPED]) as club:
        assert copies(ran(club, EVENING + 13 * HOUR)) == ["今天读什么？\n\n晚上好\n\n小事"]
        lines = club.wait(EVENING + 37 * HOUR)

        assert copies(lines) == []
        assert {line.step for line in of(lines, "held") if line.reason == "budget"} == {
            "evening", "minor", "first", "later",
        }  # fmt: skip
        assert sum(each.spent for each in club.read(Spending, scope="group:g1")) == 1


def test_a_pause_drops_what_waits_and_a_removed_step_is_forgotten():
    with life(DAYS % "1/day", groups=[TAPPED]) as club:
        ran(club, EVENING + 12 * HOUR)
        with club.acting() as context:
            context.store.put(builders.group(channels=TAPPED.channels, paused=True))
        lines = club.wait(EVENING + 12 * HOUR + 30 * MINUTE)

        assert {(line.do, line.reason) for line in lines} == {("dropped", "paused")}
        assert club.read(Task) == []
        assert club.read(Occurrence, status="pending", due_at__le=club.now) == []
        assert {trace.verdict for trace in club.read(Trace)} == {"dropped"}


def test_where_a_channel_posts_freely_nothing_waits():
    with life(DAYS % "1/day") as club:
        club.enforce()

        assert [line.text for line in of(club.wait(EVENING + DAY), "post")] == [
            "晚上好",
            "小事",
            "今天读什么？",
        ]


def test_an_hour_that_a_post_begins_does_not_wait():
    pack = """
bundle: {at: "08:30"}
steps: [{id: slot, when: "20:30 daily", do: [{questions: {title: 答疑}}]}]
"""
    with life(pack, groups=[TAPPED]) as club:
        (task,) = ran(club, EVENING + HOUR)

        assert task.do == "task"
        assert "答疑" in task.text


def test_a_silent_spell_is_noticed_with_the_bundle():
    pack = """
bundle: {at: "08:30"}
steps:
  - {id: wake, when: {silence: 6h}, do: [{post: 最近在读什么？}]}
  - {id: evening, when: "21:00 daily", do: [{post: 晚上好}]}
"""
    with life(pack, groups=[TAPPED]) as club:
        club.say("晚上好呀")
        club.enforce(TAPPED)
        lines = club.wait(EVENING + 13 * HOUR)

        assert [(line.do, line.step) for line in of(lines, "held")] == [
            ("held", "evening"), ("held", "wake"),
        ]  # fmt: skip
        assert copies(lines) == ["晚上好\n\n最近在读什么？"]
        assert club.wait(EVENING + 20 * HOUR) == []


def test_what_people_post_by_hand_names_its_picture():
    with life(groups=[TAPPED]) as club, club.acting() as context:
        post = Action(do="post", group=GROUP, text="看图", image="a.png", step="it")
        (line,) = tasks.copy_text(context, TAPPED, post)

        assert line.text.endswith("看图\na.png")


AT_ITS_MINUTE = """
bundle: {at: "08:30", max: 1/day}
steps:
  - {id: noon, when: "12:00 daily", do: [{post: 午安}]}
  - {id: minute, when: "08:30 daily", do: [{post: 正好}]}
  - {id: hourly, when: {cron: "30 5-8 * * *"}, missed: all, grace: 2h, do: [{post: 整点}]}
"""


def test_what_falls_due_at_the_minute_of_the_bundle_comes_again_the_next_day():
    with life(AT_ITS_MINUTE.replace("5-8", "8"), groups=[TAPPED]) as club:
        ran(club, EVENING + 13 * HOUR)
        for _ in range(3):
            assert copies(club.wait(club.now + DAY)) == ["午安\n\n正好\n\n整点"]


def test_what_was_missed_goes_with_the_bundle_only_within_its_grace():
    with life(AT_ITS_MINUTE, groups=[TAPPED]) as club:
        ran(club, EVENING + 17 * HOUR)
        club.now += DAY - 5 * HOUR + 45 * MINUTE  # 08:45
        lines = club.tick()

        assert copies(lines) == ["午安\n\n整点\n\n正好\n\n整点"]
        club.now += DAY + 3 * HOUR  # 11:45
        lines = club.tick()

        assert {line.step for line in of(lines, "dropped")} == {"minute", "hourly", "noon"}
        assert copies(lines) == []
        planned = club.read(Occurrence, kind="step", status="pending")
        assert sorted(row.step for row in planned) == ["hourly", "minute", "noon"]
