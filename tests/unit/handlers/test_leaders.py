"""Leaders as handlers carry them out: what the way through a rehearsal does not meet."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.leaders import leader_figures
from sop.actions import Action
from sop.events import MemberLeft, TaskAnswered
from sop.model import Ballot, Item, Leader, LeaderChange, Member, Task, Thread
from sop.told_events import IdentitiesMerged, RoleChanged
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.clubs import MENTIONS_ONLY
from tests.lives import DAY, HOUR, Life, life, of, texts

PACK = """
score: {window: 30d, earn: {share: {points: 20}, answer: {points: 5}}}
benefits:
  - {id: seat, title: 优先报名, kind: link, value: "https://example.com/a"}
  - {id: say, title: 规则投票权, kind: link, value: "https://example.com/b"}
tags: [读书]
circles: [{tag: 摄影, leader: li}, {tag: 读书}]
leaders:
  vote: {for: 1d, quorum: 2, pass: 50%}
  probation: 10d
  charter: 有问必答。
  may: {ask: 1/1d}
  tiers:
    - {id: one, title: 新星, benefits: [seat], keep: {score: ">= 20"}}
    - {id: two, title: 合伙人, benefits: [say], keep: {score: ">= 40"}}
steps:
  - {id: review, when: "10:00 day 1", do: [{review: leaders}]}
"""
PEOPLE = ("li", "chen", "zhao", "lin", "he")
# 2026-12-02 is a Wednesday: the first review is on the first of January.
REVIEW = EVENING - 10 * HOUR + 30 * DAY


@pytest.fixture
def club() -> Iterator[Life]:
    with life(PACK) as living:
        begun(living)
        yield living


def begun(living: Life, **fields: Any) -> None:
    living.enforce(builders.group(owner="boss", staff=("helper",), **fields))
    living.join("boss", *PEOPLE)


def answer(living: Life, choice: str, by: str = "boss", task: str = "latest") -> list[Action]:
    living.now += 1
    return living.happen(TaskAnswered, group=GROUP, task=task, choice=choice, by=by)


def role(living: Life, member: str, name: str = "leader") -> list[Action]:
    living.now += 1
    return living.happen(RoleChanged, group=GROUP, member=member, role=name)


def left(living: Life, member: str) -> list[Action]:
    living.now += 1
    return living.happen(MemberLeft, group=GROUP, member=member)


def private(living: Life, words: str, sender: str = "li") -> list[Action]:
    living.now += 1_000
    return living.say(words, sender, group="", key=f"p:{living.now}")


def aloud(living: Life, words: str, sender: str = "li") -> list[Action]:
    living.now += 1_000
    return living.say(words, sender, key=f"a:{living.now}")


def voting(living: Life) -> Thread:
    """Let li apply, staff say yes, and the vote open."""
    private(living, "申请")
    answer(living, "approve")
    living.tick()
    return next(each for each in living.read(Thread, order="-id") if each.kind == "vote")


def way(lines: list[Action]) -> list[str]:
    return [line.text for line in of(lines, "leader")]


def leader(living: Life, member: str = "li") -> Leader:
    return next(each for each in living.read(Leader) if each.person == living.person(member).id)


def scored(living: Life, member: str, points: int) -> None:
    for _ in range(points // 20):
        aloud(living, f"分享 第 {living.now} 天读到的一句话，值得抄下来", member)


def test_nothing_kept_says_who_chose_what_when_the_vote_is_over(club: Life):
    voting(club)
    private(club, "投票 赞成", "chen")
    private(club, "投票 反对", "zhao")
    private(club, "投票 yes", "lin")
    lines = club.wait(club.now + DAY)

    assert way(lines) == ["elected", "probation"]
    assert {(each.choice, each.at) for each in club.read(Ballot)} == {("", 0)}
    kept = "\n".join(str(each) for each in club.read(LeaderChange))
    assert "赞成" not in kept + "".join(texts(lines, "post", "dm")).replace("2 票赞成", "")


def test_two_ids_of_the_candidate_have_no_ballot_either(club: Life):
    voting(club)
    private(club, "投票 1", "he")
    private(club, "投票 1", "chen")
    club.happen(IdentitiesMerged, into="li", gone="he")
    lines = club.wait(club.now + DAY)

    assert way(lines) == ["rejected"]


def test_a_candidate_may_think_better_of_it_and_nothing_of_it_is_told(club: Life):
    voting(club)
    private(club, "投票 1", "chen")
    private(club, "投票 1", "zhao")
    lines = private(club, "卸任")

    assert way(lines) == ["ended"]
    assert "收回了" in lines[-1].text
    assert of(club.wait(club.now + DAY), "leader", "post", "dm") == []
    assert "收回了申请" in private(club, "我的领袖")[-1].text
    assert private(club, "申请")[0].text == "applied"


def test_a_vote_ends_with_the_candidacy_it_is_about(club: Life):
    """Else it would go on for nothing, and decide about a later application."""
    first = voting(club)
    private(club, "投票 2", "chen")
    private(club, "投票 2", "zhao")
    private(club, "卸任")
    club.tick()
    assert club.read(Thread, id=first.id)[0].status == "closed"
    assert [each.choice for each in club.read(Ballot)] == ["", ""]
    assert "不用投了" in private(club, "投票 1", "lin")[0].text

    second = voting(club)
    assert second.id != first.id
    private(club, "投票 1", "lin")
    private(club, "投票 1", "he")
    assert "elected" in way(club.wait(club.now + DAY))


def test_nobody_brings_voters_along(club: Life):
    voting(club)
    club.now += 1
    club.join("new1", "new2", "new3")
    told = private(club, "投票 1", "new1")[0].text
    private(club, "投票 1", "new2")

    assert "开始之前就在群里" in told
    assert club.read(Ballot) == []
    assert way(club.wait(club.now + DAY)) == ["rejected"]


def test_who_is_first_heard_of_by_their_ballot_was_there_before(club: Life):
    voting(club)
    aloud(club, "早", "quiet")
    private(club, "投票 1", "quiet")

    assert len(club.read(Ballot)) == 1


def test_one_who_changes_their_mind_has_one_ballot(club: Life):
    voting(club)
    for words in ("投票 1", "投票 2", "投票 1", "投票 2"):
        private(club, words, "chen")
    private(club, "投票 2", "zhao")

    assert club.read(Ballot)[0].person != club.read(Ballot)[1].person
    assert way(club.wait(club.now + DAY)) == ["rejected"]


def test_who_is_not_elected_is_not_spoken_of_in_the_group(club: Life):
    voting(club)
    private(club, "投票 2", "chen")
    private(club, "投票 2", "zhao")
    lines = club.wait(club.now + DAY)

    assert of(lines, "post") == []
    (told,) = of(lines, "dm")
    assert told.to == str(club.person("li").id)
    assert private(club, "申请")[0].text == "applied"


def test_a_candidate_who_leaves_is_no_candidate_any_more(club: Life):
    voting(club)
    private(club, "投票 1", "chen")
    private(club, "投票 1", "zhao")

    assert way(left(club, "li")) == ["rejected"]
    assert of(club.wait(club.now + DAY), "leader", "post") == []


def test_an_applicant_who_left_before_the_answer_is_put_to_no_vote(club: Life):
    private(club, "申请")
    task = club.read(Task)[0]
    left(club, "li")

    assert club.read(Task)[0].status == "void"
    assert of(answer(club, "approve", task=str(task.id)), "leader") == []
    assert of(club.tick(), "post") == []


def test_staff_say_no_in_kind_words_and_to_the_applicant_alone(club: Life):
    private(club, "申请")
    lines = answer(club, "reject")

    assert way(lines) == ["rejected"]
    assert [line.to for line in of(lines, "dm")] == [str(club.person("li").id)]


def test_where_nobody_is_staff_the_owner_decides():
    with life(PACK) as club:
        club.enforce(builders.group(owner="boss"))
        club.join("boss", "li")
        assert [line.to for line in of(private(club, "申请"), "task")] == ["owner"]


def test_owner_and_staff_need_not_apply(club: Life):
    lines = private(club, "晨读一群 申请", "boss")

    assert [(line.text, line.reason) for line in of(lines, "leader")] == [("refused", "staff")]


def test_where_the_bot_hears_nobody_people_hold_the_vote():
    with life(PACK) as club:
        begun(club)
        private(club, "申请")
        club.enforce(builders.group(owner="boss", staff=("helper",), channels={"appchat": GROUP}))
        answer(club, "approve")
        lines = club.tick()

        assert of(lines, "post") == []
        assert "满 2 票" in of(lines, "task")[0].text
        assert way(answer(club, "approve")) == ["elected", "probation"]


def test_a_quorum_that_nobody_can_reach_is_told_to_staff():
    with life(PACK.replace("quorum: 2", "quorum: 9")) as club:
        begun(club)
        private(club, "申请")
        answer(club, "approve")

        assert ["满 9 票" in line.text for line in of(club.tick(), "task")] == [True]


def elected(living: Life) -> None:
    voting(living)
    private(living, "投票 1", "chen")
    private(living, "投票 1", "zhao")
    living.wait(living.now + DAY)


def test_a_probation_that_falls_short_has_a_second_chance(club: Life):
    elected(club)
    assert way(club.wait(club.now + 10 * DAY)) == ["warned"]

    scored(club, "li", 20)
    assert way(club.wait(club.now + 11 * DAY)) == ["one"]


def test_and_ends_the_second_time(club: Life):
    elected(club)
    lines = club.wait(club.now + 21 * DAY)

    assert way(lines) == ["warned", "ended"]
    assert club.person("li").role == "member"


def test_leaders_on_probation_may_what_the_pack_lets_all_of_them(club: Life):
    elected(club)

    assert "开了个话题" in aloud(club, "发起 这周最想推荐哪一本书？")[0].text
    assert "已经开过" in aloud(club, "发起 还有别的书想推荐吗？")[0].text
    assert club.person("li").role == "member"
    assert [each.reason for each in club.read(LeaderChange) if each.what == "led"] == ["ask"]


@pytest.mark.parametrize("group", [GROUP, ""], ids=["group", "private"])
def test_a_leader_opens_by_name_what_they_may_without_a_mention(group: str):
    steps = "steps:" + "".join(f"""
  - id: {name}
    when: "2027-03-01 10:00"
    do: [{{challenge: {{id: {name}, title: 三天{what}, days: 3, daily: {what}}}}}]"""
        for name, what in (("a", "写作"), ("b", "早起"))
    )  # fmt: skip
    more = PACK.replace("may: {ask: 1/1d}", "may: {challenge: 1/30d}")
    with life(more.split("steps:")[0] + steps) as living:
        begun(living)
        role(living, "li")

        living.now += 1_000
        assert "三天写作、三天早起" in texts(living.say("开场", "li", group=group))[0]
        living.now += 1_000
        lines = living.say("开场 三天写作", "li", group=group) + living.tick()

        assert "「三天写作」开始啦" in "".join(texts(lines, "post"))
        living.now += 1_000
        assert living.say("开场 三天早起", "chen") == []


def test_a_leader_reads_what_they_may_open_and_by_which_words():
    with life(PACK.replace("may: {ask: 1/1d}", "may: {ask: 1/1d, challenge: 1/30d}")) as living:
        begun(living)
        role(living, "li")
        told = private(living, "我的领袖")[-1].text

        assert "可以自己开：话题（发「发起 …」）、打卡挑战（在群里发「开场」）。" in told
        assert "可以自己开" not in private(living, "我的领袖", "chen")[-1].text


def test_who_leads_nothing_opens_nothing(club: Life):
    assert "领头人用的" in aloud(club, "发起 这周最想推荐哪一本书？", "chen")[0].text
    assert club.read(Thread) == []


def test_a_reply_to_what_a_leader_asked_is_a_reply_like_any(club: Life):
    role(club, "li")
    aloud(club, "发起 这周最想推荐哪一本书？")
    aloud(club, "我推荐那本讲树的书", "chen")

    assert club.read(Thread)[0].body["replies"] == 1


def test_a_leader_by_appointment_serves_in_the_first_tier_until_told_otherwise(club: Life):
    assert way(role(club, "li")) == ["one"]
    assert (leader(club).status, club.person("li").role) == ("serving", "leader")
    assert way(role(club, "li")) == []
    assert way(role(club, "li", "member")) == ["ended"]
    assert club.person("li").role == "member"


def test_who_is_told_to_be_a_member_again_is_on_probation_no_longer(club: Life):
    elected(club)
    assert way(role(club, "li", "member")) == ["ended"]
    assert way(club.wait(club.now + 20 * DAY)) == []


def test_an_answer_about_somebody_who_has_left_meanwhile_makes_nobody_a_leader():
    with life(PACK) as club:
        begun(club, channels={**MENTIONS_ONLY, "app": "a", "webhook": "w"})
        elected(club)
        club.wait(club.now + 10 * DAY)
        (task,) = club.read(Task, kind="leader-certify")
        left(club, "li")

        assert way(answer(club, "approve", task=str(task.id))) == []
        assert leader(club).status == "ended"


def test_who_is_appointed_is_asked_about_no_longer(club: Life):
    private(club, "申请")
    asked = club.read(Task)[0]
    role(club, "li")

    assert club.read(Task)[0].status == "void"
    assert way(answer(club, "reject", task=str(asked.id))) == []
    assert leader(club).status == "serving"


def test_who_steps_down_while_people_are_to_certify_is_asked_about_no_longer():
    with life(PACK) as club:
        begun(club, channels={**MENTIONS_ONLY, "app": "a", "webhook": "w"})
        elected(club)
        club.wait(club.now + 10 * DAY)
        private(club, "卸任")

        assert [each.status for each in club.read(Task, kind="leader-certify")] == ["void"]


def test_benefits_of_a_tier_are_for_it_and_those_above(club: Life):
    role(club, "li")
    assert "优先报名" in private(club, "领取 优先报名")[0].text
    assert "example.com/b" not in private(club, "领取 规则投票权")[0].text

    risen = replace(leader(club), tier="two")
    with club.acting() as context:
        context.store.put(risen)
    assert "example.com/b" in private(club, "领取 规则投票权")[0].text


def test_a_low_score_is_unknown_where_not_everything_is_heard():
    with life(PACK) as club:
        begun(club, channels={**MENTIONS_ONLY, "app": "a"})
        role(club, "li")
        lines = club.wait(REVIEW)

        assert way(lines) == []
        assert [each.what for each in club.read(LeaderChange)] == ["one", "unknown"]


def test_where_the_score_cannot_be_known_people_certify():
    with life(PACK) as club:
        begun(club, channels={**MENTIONS_ONLY, "app": "a", "webhook": "w"})
        elected(club)
        (task,) = of(club.wait(club.now + 10 * DAY), "task")

        assert "试用期到了" in task.text
        assert way(answer(club, "approve")) == ["one"]


def test_a_review_of_two_groups_is_one_review():
    with life(PACK) as club:
        other = builders.group(id="g2", owner="boss", channels={"sandbox": "g2"})
        club.enforce(builders.group(owner="boss"), other)
        club.join("li")
        role(club, "li")

        assert way(club.wait(REVIEW)) == ["warned"]


def test_who_is_away_is_asked_about_once_and_goes_with_thanks():
    with life(PACK.replace(', keep: {score: ">= 20"}', "")) as club:
        begun(club)
        role(club, "li")
        (task,) = of(club.wait(REVIEW + 62 * DAY), "task")

        assert "没有出现" in task.text
        lines = answer(club, "approve")
        assert [(line.text, line.reason) for line in of(lines, "leader")] == [("ended", "away")]
        assert "好久不见" in of(lines, "dm")[0].text


def test_who_comes_back_is_not_asked_about_any_more():
    with life(PACK.replace(', keep: {score: ">= 20"}', "")) as club:
        begun(club)
        role(club, "li")
        club.wait(REVIEW + 31 * DAY)
        aloud(club, "我回来啦，前阵子太忙了")
        club.wait(club.now + 29 * DAY)

        assert [each.status for each in club.read(Task)] == ["void"]


def test_what_a_leader_looked_after_is_handed_over_when_they_leave(club: Life):
    role(club, "li")
    role(club, "zhao")
    private(club, "标签 摄影", "zhao")
    private(club, "圈子 摄影", "chen")
    hand(club, "claim")
    lines = left(club, "li")

    assert way(lines) == ["ended"]
    (task,) = of(lines, "task")
    assert "「摄影」圈子（1 人）接下来由 Zhao 来带" in task.text
    assert "任务 77 转给了管理员" in task.text
    assert next(each for each in club.read(Task) if each.id == 77).to == "staff"


def test_who_is_in_a_circle_is_told_alone_who_leads_it_now_and_not_why(club: Life):
    role(club, "li")
    for name in ("chen", "lin", "he"):
        private(club, "圈子 摄影", name)
    private(club, "免打扰", "he")
    private(club, "卸任")
    lines = of(club.tick(), "dm")
    told = {line.to: line.text for line in lines if "圈子" in line.text}

    assert set(told) == {str(club.person(each).id) for each in ("chen", "lin")}
    assert all("正在找带头的伙伴" in words and "谢谢 Li" in words for words in told.values())


def test_a_circle_is_told_by_day():
    quiet = PACK + 'quiet: "19:00-08:00"\n'
    with life(quiet) as living:
        begun(living)
        role(living, "li")
        role(living, "zhao")
        private(living, "标签 摄影", "zhao")
        private(living, "圈子 摄影", "chen")
        role(living, "li", "member")
        assert "圈子" not in "".join(texts(living.wait(EVENING + 12 * HOUR - 1), "dm"))
        (told,) = texts(living.wait(EVENING + 12 * HOUR), "dm")

        assert "接下来由 Zhao 来带" in told


def hand(club: Life, kind: str) -> None:
    """Give the leader a task of that kind, with the number 77."""
    theirs = Task(
        community=COMMUNITY, id=77, group=GROUP, kind=kind, to=str(leader(club).person),
        text="x", about="x", created_at=1,
    )  # fmt: skip
    with club.acting() as context:
        context.store.put(theirs)


def test_a_task_that_is_handed_over_is_free_to_be_taken(club: Life):
    role(club, "li")
    hand(club, "claim")
    answer(club, "take", "li", "77")
    private(club, "卸任")

    (task,) = club.read(Task, id=77)
    assert (task.to, task.taken_by, task.taken_at) == ("staff", 0, 0)
    assert "77" in private(club, "任务", "helper")[0].text


def test_a_question_to_somebody_alone_stays_theirs_when_they_step_down(club: Life):
    role(club, "li")
    hand(club, "relay")
    assert of(private(club, "卸任"), "task") == []

    (task,) = club.read(Task, id=77)
    assert task.to == str(leader(club).person)


def test_figures_count_who_is_in_a_circle_and_still_in_a_group(club: Life):
    role(club, "li")
    private(club, "圈子 摄影", "chen")
    private(club, "圈子 摄影", "zhao")
    left(club, "chen")

    with club.acting() as context:
        (found,) = leader_figures.contributions(context, 30)
    assert found.circle == 1


def test_who_is_in_another_group_leads_on(club: Life):
    club.enforce(builders.group(owner="boss"), builders.group(id="g2", channels={"sandbox": "g2"}))
    club.join("li", group="g2")
    role(club, "li")

    assert way(left(club, "li")) == []
    assert leader(club).status == "serving"


def test_two_who_are_one_keep_the_longer_way(club: Life):
    role(club, "li")
    club.happen(IdentitiesMerged, into="he", gone="li")

    assert leader(club, "he").status == "serving"
    assert {each.person for each in club.read(LeaderChange)} == {club.person("he").id}


def test_leaders_see_their_charter_with_the_rules(club: Life):
    assert "有问必答" not in "".join(texts(aloud(club, "群规", "chen")))
    role(club, "li")
    assert "有问必答" in "".join(texts(aloud(club, "群规")))


def test_staff_see_all_leaders_and_members_only_themselves(club: Life):
    role(club, "li")

    assert "Li：新星" in private(club, "我的领袖", "boss")[0].text
    assert "领头人级别：「新星」" in private(club, "我的领袖 @Li", "boss")[0].text
    assert "还没有申请过" in private(club, "我的领袖", "chen")[0].text
    assert "群主或管理员" in private(club, "我的领袖 @Li", "chen")[0].text


def test_figures_count_the_last_thirty_days_and_what_is_shown(club: Life):
    role(club, "li")
    scored(club, "li", 40)
    aloud(club, "提问 第三章讲的是什么呢？", "chen")
    number = max(int(each) for each in _numbers(club))
    club.now += 2 * HOUR
    aloud(club, f"回答 {number} 像一张地图，先看路再走")
    told = private(club, "我的领袖", "boss")[0].text

    assert "贡献 45，内容 2，回答 1，转化 0" in told
    club.now += 31 * DAY
    assert "贡献 0，内容 0，回答 0" in private(club, "我的领袖", "boss")[0].text


def _numbers(club: Life) -> list[int]:
    return [each.number for each in club.read(Item)]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(PEOPLE), st.sampled_from(["投票 1", "投票 2", "left", "back"])),
        max_size=14,
    )
)
def test_whatever_happens_only_members_who_stay_decide(deeds: list[tuple[str, str]]):
    with life(PACK) as club:
        begun(club)
        voting(club)
        chosen: dict[str, str] = {}
        began = club.now
        for who, deed in deeds:
            if deed == "left" and who != "li":
                left(club, who)
            elif deed == "back":
                club.join(who)
            elif deed != "left":
                there = _present(club, who, since=began)
                private(club, deed, who)
                if there and who != "li":
                    chosen[who] = deed
        counted = [deed for who, deed in chosen.items() if _present(club, who)]
        lines = club.wait(club.now + DAY)

        won = len(counted) >= 2 and counted.count("投票 1") * 2 >= len(counted)
        assert way(lines)[0] == ("elected" if won else "rejected")


def _present(club: Life, who: str, since: int | None = None) -> bool:
    """Tell whether somebody is there, and has been from a moment on."""
    found = club.read(Member, person=club.person(who).id)
    return any(not each.left_at and (since is None or each.came_at <= since) for each in found)


@pytest.mark.parametrize("approved", [False, True])
def test_who_came_forward_in_a_group_that_is_bound_no_longer_may_apply_elsewhere(
    club: Life, *, approved: bool
):
    private(club, "申请")
    if approved:
        answer(club, "approve")
    other = builders.group(id="g2", channels={"sandbox": "g2"}, owner="boss", staff=("helper",))
    club.enforce(other)
    club.join("li", group="g2")

    club.now += 1_000
    said = club.say("申请", group="g2", key=f"a:{club.now}")
    assert way(said) == ["applied"]
    assert [task.group for task in club.read(Task, kind="leader-application", status="open")] == [
        "g2"
    ]
