"""Share days: invited place by place, hosted, summed up; nobody is asked twice or for nothing."""

from collections.abc import Iterable
from typing import Any

import pytest

from handlers.ledger import ledger
from handlers.limits import budgets
from sop.actions import Action
from sop.events import MemberLeft, TaskAnswered
from sop.model import Group, Item, LedgerEntry, Occurrence, Person, Task, Thread
from sop.told_events import IdentitiesMerged
from tests import builders
from tests.builders import EVENING, GROUP
from tests.lives import DAY, HOUR, MINUTE, Life, life, of, texts

PACK = """
quiet: "22:30-07:30"
score:
  window: 90d
  earn:
    message: {points: 1}
    share: {points: 15}
    question: {points: 2}
    answer: {points: 5}
steps:
  - id: friday
    title: 书友
    when: "20:00 fri"
    do: [{share_day: {title: 书友分享日, for: 90m, invite: {before: 2d, pick: 2, by: share}}}]
"""
DUE = EVENING + 2 * DAY
TOPIC = "我想分享的是怎样读完一本厚书"


def shared(club: Life, **times: int) -> None:
    """Let members join, who have shared so often before."""
    club.join(*times)
    for name, count in times.items():
        with club.acting(name) as context:
            for number in range(count):
                ledger.credit(context, context.person_id, "share", source=f"before:{number}")


def gathered(club: Life, *groups: Any, **times: int) -> None:
    """Let people be there who have shared so often, before anybody is asked."""
    club.now = EVENING - 2 * HOUR
    club.enforce(*groups)
    shared(club, **times)


def begun(club: Life, *groups: Any, **times: int) -> list[Action]:
    gathered(club, *groups, **(times or {"li": 3, "chen": 2, "zhao": 1}))
    return club.wait(EVENING)


def invited(club: Life, lines: Iterable[Action]) -> list[str]:
    return [
        name_of(club, line.to) for line in lines if line.do == "dm" and "很想听你讲" in line.text
    ]


def name_of(club: Life, number: str) -> str:
    with club.acting() as context:
        found = context.store.find(Person, community=context.community)
        return next(each.userid for each in found if str(each.id) == number)


def private(club: Life, words: str, sender: str) -> list[Action]:
    return club.say(words, sender, group="")


def day(club: Life) -> Thread:
    return club.read(Thread, kind="share", order="-id", limit=1)[0]


def statuses(club: Life) -> list[str]:
    return [each[0] for each in day(club).body["places"]]


def paid(lines: Iterable[Action], deed: str = "share") -> list[str]:
    return [line.member for line in lines if line.do == "points" and line.deed == deed]


def test_two_days_ahead_each_place_is_offered_to_one_person_in_private():
    with life(PACK) as club:
        lines = begun(club)

        assert invited(club, lines) == ["li", "chen"]
        assert {line.do for line in lines} == {"dm"}
        assert "12 月 4 日 20:00" in lines[0].text
        assert statuses(club) == ["asked", "asked"]


def test_where_score_decides_the_highest_is_asked_first():
    with life(PACK.replace("by: share", "by: score")) as club:
        club.now = EVENING - 2 * HOUR
        club.enforce()
        shared(club, li=2, chen=1)
        with club.acting("zhao") as context:
            ledger.book_entry(context, context.person_id, "award", 90, score=90, source="x")
        club.join("zhao")

        assert invited(club, club.wait(EVENING)) == ["zhao", "li"]


@pytest.mark.parametrize("words", ["好", "好的！", "同意", "同意 1"])
def test_a_yes_takes_the_place_and_says_when(words: str):
    with life(PACK) as club:
        begun(club)
        (reply,) = of(private(club, words, "li"), "reply")

        assert "12 月 4 日 20:00" in reply.text
        assert statuses(club) == ["taken", "asked"]
        assert club.read(Task, id=1)[0].status == "approved"


@pytest.mark.parametrize("others", [{"zhao": 1}, {}])
def test_a_place_that_is_given_back_at_night_wakes_nobody(others: dict[str, int]):
    with life(PACK) as club:
        begun(club, **{"li": 3, "chen": 2, **others})
        club.now = EVENING + 3 * HOUR
        assert [line.do for line in private(club, "不方便", "li")] == ["reply"]

        lines = club.wait(EVENING + 11 * HOUR + 30 * MINUTE)
        assert invited(club, lines) == [*others]
        assert [line.to for line in of(lines, "task")] == ([] if others else ["staff"])


@pytest.mark.parametrize("words", ["不方便", "拒绝 1"])
def test_a_declined_place_goes_to_the_next_one(words: str):
    with life(PACK) as club:
        begun(club)
        lines = private(club, words, "li")

        assert invited(club, lines) == ["zhao"]
        assert "没关系" in texts(lines, "reply")[0]


def test_who_says_yes_after_a_no_has_the_place_while_nobody_else_is_asked_for_it():
    with life(PACK) as club:
        begun(club)
        private(club, "不方便", "li")
        assert "下次先请你" in private(club, "好，我可以", "li")[0].text

        private(club, "不行", "zhao")
        assert [task.status for task in club.read(Task, kind="share-rest")] == ["open"]
        assert "12 月 4 日 20:00" in private(club, "好，我可以", "zhao")[0].text
        assert statuses(club) == ["taken", "asked"]
        assert [task.status for task in club.read(Task, kind="share-rest")] == ["void"]
        private(club, "不行了，有事", "zhao")
        assert statuses(club) == ["open", "asked"]

        club.wait(DUE + 2 * DAY)
        assert "下次先请你" not in private(club, "好", "li")[0].text


def test_another_day_is_a_task_for_staff_and_the_place_goes_on():
    with life(PACK) as club:
        begun(club)
        lines = private(club, "改天吧，下周五行", "li")

        (task,) = of(lines, "task")
        assert (task.to, "下周五行" in task.text) == ("staff", True)
        assert invited(club, lines) == ["zhao"]


def test_who_does_not_answer_in_time_makes_room_and_cannot_say_yes_any_more():
    with life(PACK) as club:
        begun(club)
        private(club, "好", "chen")
        lines = club.wait(EVENING + DAY - 1)

        assert invited(club, lines) == ["zhao"]
        assert club.read(Task, id=1)[0].status == "void"
        assert "下次先请你" in private(club, "好", "li")[0].text
        (late,) = of(private(club, "同意 1", "li"), "reply")
        assert "处理过" in late.text
        assert statuses(club) == ["asked", "taken"]


def weekly(club: Life, weeks: int, *, li: str = "") -> list[list[str]]:
    """Return who is asked each week: Chen says yes, Li says so much, or nothing at all."""
    asked = []
    for week in range(weeks):
        found = invited(club, club.wait(EVENING + week * 7 * DAY))
        if found == ["li"] and li:
            found += invited(club, private(club, li, "li"))
        elif found == ["li"]:
            found += invited(club, club.wait(club.now + DAY))
        club.now += 1
        private(club, "好", "chen")
        asked.append(found)
    return asked


def test_who_let_two_invitations_go_unanswered_rests_for_four_weeks():
    with life(PACK.replace("pick: 2", "pick: 1")) as club:
        gathered(club, li=3, chen=2)
        both, alone = ["li", "chen"], ["chen"]

        assert weekly(club, 7) == [both, both, alone, alone, alone, both, alone]


def test_who_answers_is_asked_again_and_nobody_else_is_there_who_never_does():
    with life(PACK.replace("pick: 2", "pick: 1")) as club:
        gathered(club, li=3, chen=2)
        assert weekly(club, 4, li="不方便") == [["li", "chen"]] * 4
    with life(PACK.replace("pick: 2", "pick: 1")) as club:
        gathered(club, li=3)
        assert weekly(club, 4) == [["li"]] * 4


def test_when_nobody_is_left_staff_get_one_task_for_the_share_day():
    with life(PACK) as club:
        lines = begun(club, li=1)
        assert invited(club, lines) == ["li"]
        assert [line.to for line in of(lines, "task")] == ["staff"]

        lines = private(club, "没空", "li")

        assert of(lines, "task", "dm") == []
        assert len(club.read(Task, status="open")) == 1


def test_nobody_is_invited_who_gave_nothing_wants_peace_or_runs_the_group():
    with life(PACK) as club:
        club.now = EVENING - 2 * HOUR
        club.enforce()
        shared(club, li=3, chen=2, new=0, owner=9)
        club.say("免打扰", "li", group="")
        lines = club.wait(EVENING)

        assert invited(club, lines) == ["chen"]


def test_a_speaker_who_cannot_come_after_all_is_replaced():
    with life(PACK) as club:
        begun(club)
        private(club, "好", "li")
        lines = private(club, "来不了", "li")

        assert invited(club, lines) == ["zhao"]
        assert private(club, "好", "zhao") != []
        assert statuses(club) == ["taken", "asked"]


def test_a_chain_of_refusals_asks_everybody_once():
    with life(PACK.replace("pick: 2", "pick: 1")) as club:
        names = [f"m{number}" for number in range(5)]
        asked = invited(club, begun(club, **{name: 9 - i for i, name in enumerate(names)}))
        while asked[-1] != names[-1]:
            asked += invited(club, private(club, "不行", asked[-1]))
        lines = private(club, "不行", asked[-1])

        assert asked == names
        assert [line.to for line in of(lines, "task")] == ["staff"]
        assert [line.to for line in of(club.wait(DUE - 1), "task", "dm")] == ["staff"]


def test_speakers_are_reminded_the_evening_before_unless_they_want_peace():
    with life(PACK) as club:
        begun(club)
        private(club, "好", "li")
        private(club, "好", "chen")
        private(club, "免打扰", "chen")
        lines = club.wait(DUE - DAY)

        assert [name_of(club, line.to) for line in of(lines, "dm")] == ["li"]
        assert "等着听你讲" in lines[0].text


def test_a_speaker_who_has_left_makes_room():
    with life(PACK) as club:
        begun(club)
        private(club, "好", "li")
        private(club, "好", "chen")
        club.handle(
            MemberLeft(key="left", community="club", group=GROUP, at=club.now, member="li")
        )

        assert invited(club, club.wait(DUE - DAY)) == ["zhao"]


def opened(club: Life) -> list[Action]:
    begun(club)
    private(club, "好", "li")
    private(club, "好", "chen")
    return of(club.wait(DUE), "post")


def test_who_did_not_come_to_speak_is_not_thanked_and_nobody_is_told_so():
    with life(PACK) as club:
        opened(club)
        said = texts(club.wait(DUE + 90 * MINUTE), "post")

        assert said[0] == "接下来请 Chen。"
        assert said[1].startswith("现在是提问时间")
        assert said[2] == "「书友分享日」到点啦，没来得及讲的，下次再讲；有想说的，随时来。"


def test_at_its_time_it_opens_hands_over_asks_for_questions_and_sums_up():
    with life(PACK) as club:
        (post,) = opened(club)
        assert "书友分享日" in post.text
        assert "先请 Li" in post.text
        assert len(post.mention) == 2

        club.now += MINUTE
        assert club.say(TOPIC + "，你们猜多久？", "li") != []
        assert club.read(Item) == []
        club.say("要读多久呢？", "zhao")
        assert [(each.kind, each.person != 0) for each in club.read(Item)] == [("question", True)]
        (turn,) = of(club.wait(DUE + 30 * MINUTE), "post")
        assert "接下来请 Chen" in turn.text
        club.say("我讲讲怎样做笔记", "chen")
        club.say("赞 @chen", "zhao", mentions=("chen",))
        turn = of(club.wait(DUE + 60 * MINUTE), "post")[-1]
        assert "提问时间" in turn.text
        assert "要读多久呢" in turn.text
        club.say("回答 1 我读了一个月，每天半小时", "li")
        lines = club.wait(DUE + 90 * MINUTE)

        (summary,) = of(lines, "post")
        assert "· Li\n" in summary.text
        assert "Chen，收到 1 个赞" in summary.text
        assert "1 个问题" in summary.text
        assert len(paid(lines)) == 2
        assert of(lines, "task") == []


def test_who_said_yes_and_nothing_else_is_not_paid_nor_named():
    with life(PACK) as club:
        opened(club)
        club.say(TOPIC, "li")
        lines = club.wait(DUE + 90 * MINUTE)

        assert len(paid(lines)) == 1
        assert "Chen" not in of(lines, "post")[-1].text
        assert list(day(club).body["spoke"].values()) == [""]


def test_the_length_a_share_must_have_is_that_of_the_speakers_longest_words():
    with life(PACK.replace("share: {points: 15}", "share: {points: 15, min_chars: 10}")) as club:
        club.now = EVENING - 2 * HOUR
        club.enforce()
        club.join("li", "chen")
        for name in ("li", "chen"):
            with club.acting(name) as context:
                ledger.book_entry(context, context.person_id, "award", 9, score=9, source="x")
        club.wait(EVENING)
        private(club, "好", "li")
        private(club, "好", "chen")
        club.wait(DUE)
        club.say(TOPIC, "li")
        club.say("好的", "li")
        club.say("嗯", "chen")

        assert len(paid(club.wait(DUE + 90 * MINUTE))) == 1


def test_an_unanswered_question_is_handed_over_at_the_end():
    with life(PACK) as club:
        opened(club)
        club.say("有没有推荐的书？", "zhao")
        lines = club.wait(DUE + 90 * MINUTE)

        assert ["推荐的书" in line.text for line in of(lines, "task")] == [True]


def test_without_speakers_everybody_may_share():
    with life(PACK) as club:
        club.now = EVENING - 2 * HOUR
        club.enforce()
        club.join("zhao")
        lines = club.wait(DUE)
        assert "人人都能讲" in of(lines, "post")[0].text
        club.say("分享 我每天读十页", "zhao")
        lines = club.wait(DUE + 90 * MINUTE)

        assert "我每天读十页" in of(lines, "post")[0].text


def test_a_summary_shows_nothing_that_was_taken_back_and_counts_no_zero():
    with life(PACK) as club:
        club.now = EVENING - 2 * HOUR
        club.enforce()
        club.join("zhao", "li")
        club.wait(DUE)
        club.say("分享 我每天读十页", "zhao")
        club.say("分享 我每天走一万步", "li")
        private(club, "撤回 1", "zhao")
        club.say("提问 鞋子怎么选？", "zhao")
        club.say("回答 3 合脚最要紧", "li")
        (summary,) = of(club.wait(DUE + 90 * MINUTE), "post")

        assert "我每天读十页" not in summary.text
        assert "我每天走一万步\n" in summary.text
        assert summary.text.endswith("就发「赞 2」。")
        assert "1 个问题，都有了回答" in summary.text


def test_where_nothing_was_said_the_end_is_short():
    with life(PACK) as club:
        club.now = EVENING - 2 * HOUR
        club.enforce()
        lines = club.wait(DUE + 90 * MINUTE)

        assert "没有人分享" in of(lines, "post")[-1].text


def test_a_restart_in_the_middle_loses_and_repeats_nothing():
    with life(PACK) as club:
        opened(club)
        club.say(TOPIC, "li")
        club.now = DUE + 30 * MINUTE
        for event in club.due():
            club.handle(event, crash=True)
        first = of(club.tick(), "post")
        again = of(club.tick(), "post")

        assert [len(first), len(again)] == [1, 0]


def test_after_an_absence_only_the_newest_turn_is_announced():
    with life(PACK) as club:
        opened(club)
        club.now = DUE + 70 * MINUTE

        assert ["提问时间" in line.text for line in of(club.tick(), "post")] == [True]


def test_an_invitation_waits_for_the_morning():
    with life(PACK.replace("before: 2d", "before: 44h")) as club:
        club.now = EVENING
        club.enforce()
        shared(club, li=1)
        assert of(club.wait(EVENING + 11 * HOUR), "dm") == []

        assert invited(club, club.wait(EVENING + 12 * HOUR)) == ["li"]


def test_a_member_whose_budget_is_used_up_is_not_invited_today():
    with life(PACK + "budget: {member: 1/day}\n") as club:
        club.now = EVENING - 2 * HOUR
        club.enforce()
        shared(club, li=3, chen=2, zhao=1)
        with club.acting("li") as context:
            line = Action(do="dm", group=GROUP, to=str(context.person_id), text="早")
            budgets.charge(context, context.group, (line,))

        assert invited(club, club.wait(EVENING)) == ["chen", "zhao"]


def test_a_reminder_waits_for_the_budget():
    with life(PACK + "budget: {member: 1/day}\n") as club:
        begun(club)
        private(club, "好", "li")
        club.wait(DUE - DAY - MINUTE)
        with club.acting("li") as context:
            line = Action(do="dm", group=GROUP, to=str(context.person_id), text="早")
            budgets.charge(context, context.group, (line,))
        lines = club.wait(DUE - DAY + 4 * HOUR - MINUTE)
        assert [line.reason for line in of(lines, "held")] == ["budget"]

        lines = club.wait(DUE - 12 * HOUR)
        assert ["等着听你讲" in line.text for line in of(lines, "dm")] == [True]


def test_two_share_days_at_once_never_ask_one_person_for_both():
    second = builders.group(id="g2", title="晨读二群", channels={"sandbox": "g2"})
    with life(PACK, groups=(builders.group(), second)) as club:
        club.now = EVENING - 2 * HOUR
        club.enforce(builders.group(), second)
        shared(club, li=3, chen=2, zhao=1)
        club.join("li", "chen", "zhao", group="g2")
        asked = invited(club, club.wait(EVENING))

        assert sorted(asked) == ["chen", "li", "zhao"]


def test_two_share_days_at_once_keep_their_own_questions():
    second = builders.group(id="g2", title="晨读二群", channels={"sandbox": "g2"})
    with life(PACK, groups=(builders.group(), second)) as club:
        club.now = EVENING - 2 * HOUR
        club.enforce(builders.group(), second)
        club.wait(DUE)
        club.say("这里有人吗？", "zhao")
        club.say("那边的人呢？", "zhao", group="g2")

        assert {(each.group, each.thread) for each in club.read(Item)} == {
            (each.group, each.id) for each in club.read(Thread, status="open")
        }


def test_where_nobody_can_be_written_to_staff_invite_by_one_task_a_place():
    quiet_group = builders.group(channels={"webhook": "k", "robot": "r"})
    with life(PACK, groups=(quiet_group,)) as club:
        lines = begun(club, quiet_group)

        assert [line.to for line in of(lines, "task")] == ["staff", "staff"]
        assert of(lines, "dm") == []
        lines = club.say("拒绝 1", "owner", mentions_bot=True)
        assert ["Zhao" in line.text for line in of(lines, "task")] == [True]
        club.say("同意 2", "owner", mentions_bot=True)
        assert statuses(club) == ["asked", "taken"]
        lines = club.wait(DUE + 91 * MINUTE)
        hosted = [line for line in of(lines, "task") if "都分享了" in line.text]
        number = club.read(Task, kind="share-hosted")[0].id
        assert len(hosted) == 1
        assert len(paid(club.say(f"同意 {number}", "owner", mentions_bot=True))) == 1


def test_where_nothing_is_heard_people_host_it():
    deaf = builders.group(channels={"webhook": "k"})
    with life(PACK, groups=(deaf,)) as club:
        club.now = EVENING
        club.enforce(deaf)
        lines = club.wait(DUE)

        assert "主持" in of(lines, "task")[-1].text
        assert club.read(Group)[0].threads == ()


def test_an_edited_time_of_the_same_day_keeps_who_said_yes():
    with life(PACK) as club:
        begun(club)
        private(club, "好", "li")
        club.edit(PACK.replace("20:00 fri", "19:00 fri"))
        club.tick()
        lines = of(club.wait(DUE - HOUR), "post")

        assert ["先请 Li" in line.text for line in lines] == [True]
        assert [
            "接下来" in line.text or "提问时间" in line.text for line in of(club.wait(DUE), "post")
        ] == [True]


def test_a_share_day_that_is_taken_out_is_called_off():
    with life(PACK) as club:
        begun(club)
        private(club, "好", "li")
        club.edit(PACK.replace("20:00 fri", "20:00 sat"))
        lines = club.wait(EVENING + DAY)

        off = [line for line in of(lines, "dm") if "不办了" in line.text]
        assert [name_of(club, line.to) for line in off] == ["li"]
        assert "12 月 4 日" in off[0].text


def test_answers_of_others_and_of_nobody_are_talk():
    with life(PACK) as club:
        begun(club)

        assert of(private(club, "好", "zhao"), "dm", "task") == []
        assert of(club.say("好", "li"), "reply") == []
        assert statuses(club) == ["asked", "asked"]


def test_a_late_yes_after_the_beginning_changes_nothing():
    with life(PACK) as club:
        opened(club)

        assert of(private(club, "不行", "li"), "dm", "task") == []
        assert day(club).status == "open"


def test_shares_that_were_taken_back_do_not_count():
    with life(PACK) as club:
        club.now = EVENING - 2 * HOUR
        club.enforce()
        shared(club, li=2, chen=1, zhao=1)
        with club.acting("li") as context:
            for entry in context.store.find(LedgerEntry, person=context.person_id, deed="share"):
                ledger.reverse(context, entry, source=f"undo:{entry.id}")

        assert invited(club, club.wait(EVENING)) == ["chen", "zhao"]


def test_planned_days_do_not_take_messages():
    with life(PACK) as club:
        begun(club)

        assert club.say("有人知道这本书吗？", "zhao") != []
        assert club.read(Item) == []
        assert club.read(Occurrence, kind="host-share-day") == []


def test_two_speakers_who_turn_out_to_be_one_are_paid_once():
    with life(PACK) as club:
        opened(club)
        club.say(TOPIC, "li")
        club.say("我讲讲怎样做笔记", "chen")
        club.happen(IdentitiesMerged, into="li", gone="chen")
        club.say("接着讲怎样整理这些笔记，你们说呢？", "chen")

        assert club.read(Item) == []
        lines = club.wait(DUE + 90 * MINUTE)
        assert len(paid(lines)) == 1
        assert of(lines, "error") == []


def test_a_prompt_and_a_share_day_do_not_take_each_others_messages():
    prompt = '  - {id: talk, when: "19:30 fri", do: [{ask: 周末读什么？, for: 12h}]}\n'
    rewards = PACK.replace(
        "question: {points: 2}", "question: {points: 2}\n    reply: {points: 3}"
    )
    with life(rewards + prompt) as club:
        opened(club)
        club.now += MINUTE

        assert paid(club.say(TOPIC, "li"), "reply") == []
        question = club.say("周末有没有线下读书会？", "zhao")
        assert (len(paid(question, "question")), paid(question, "reply")) == (1, [])
        assert len(paid(club.say("周末我读一本游记", "zhao"), "reply")) == 1


def answer_task(club: Life, choice: str, by: str, task: str = "latest") -> list[Action]:
    return club.happen(TaskAnswered, group=GROUP, task=task, choice=choice, by=by)


def test_the_latest_task_is_never_somebody_elses_invitation():
    with life(PACK) as club:
        begun(club)
        assert [line.do for line in answer_task(club, "approve", "owner")] == ["error"]
        assert statuses(club) == ["asked", "asked"]

        answer_task(club, "approve", "li")
        answer_task(club, "reject", "zhao", "2")
        assert statuses(club) == ["taken", "asked"]
