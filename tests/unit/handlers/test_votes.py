"""Votes: one ballot each, cast late or for nothing told kindly, secret in fact, counted once."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.actions import Action
from sop.events import MemberLeft
from sop.model import Aside, Ballot, IdentityMerge, Item, Message, Outgoing, Record, Thread
from sop.told_events import IdentitiesMerged, IdentitiesSplit
from storage.tables import RECORDS
from tests import builders
from tests.builders import EVENING, GROUP
from tests.lives import HOUR, MINUTE, PEOPLE, Life, begun, life, of, texts

VOTE = "title: 下月读什么, options: [小说, 历史, 诗歌], for: 2h"


def pack(vote: str = VOTE, more: str = "") -> str:
    return f"""
quiet: "22:30-07:30"
steps:
  - {{id: choice, when: "20:00 wed", do: [{{vote: {{{vote}}}}}]}}
{more}"""


def said(club: Life, words: str, sender: str = "li", **fields: Any) -> list[Action]:
    club.now += 1_000
    return club.say(words, sender, key=f"m:{club.now}:{sender}", **fields)


def private(club: Life, words: str, sender: str = "li") -> list[Action]:
    return said(club, words, sender, group="")


def test_the_result_is_drawn_too_where_it_is_told():
    for vote, drawn in ((VOTE, 3), (SECRET, 0)):
        with life(pack(vote)) as club:
            begun(club)
            private(club, "投票 2")
            lines = of(club.wait(EVENING + 2 * HOUR), "post")

            assert len(lines[-1].picture.get("rows", ())) == drawn


def ended(club: Life) -> str:
    lines = club.wait(EVENING + 2 * HOUR)
    return "\n".join(texts(lines, "post")).split("的票。\n")[-1]


def counts(club: Life) -> list[int]:
    (vote,) = club.read(Thread, kind="vote")
    return list(vote.body["counts"])


def test_a_vote_opens_with_numbered_options_and_says_how():
    with life(pack()) as club:
        (line,) = begun(club)

        assert line.text.splitlines() == [
            "「下月读什么」投票开始啦（2 小时）：", "1. 小说", "2. 历史", "3. 诗歌",
            "怎么投：发「投票 1」，写编号或选项的名字都行；每人一票，结束前可以改。",
        ]  # fmt: skip


def test_where_mentions_alone_are_heard_it_says_so_and_the_result_tells_no_silence():
    group = builders.group(channels={"link": GROUP})
    with life(pack(), groups=(group,)) as club:
        assert "@我 发「投票 1」" in begun(club, group)[0].text
        assert ended(club) == ""


def test_the_last_ballot_of_each_counts_by_number_or_by_name():
    with life(pack()) as club:
        begun(club)
        for words, sender in (
            ("投票 2", "li"), ("投票 小说", "chen"), ("投票 2", "zhao"), ("投票 ３", "li"),
            ("投票 历史", "lin"),
        ):  # fmt: skip
            said(club, words, sender)

        assert ended(club).splitlines() == [
            "「下月读什么」投票结果（4 票）：", "▇▇▇▇▇▇▇▇ 2. 历史　2 票（50%）",
            "▇▇▇▇ 1. 小说　1 票（25%）", "▇▇▇▇ 3. 诗歌　1 票（25%）", "结果是「历史」。",
            "谢谢 Li、Chen、Zhao、Lin 来投票。",
        ]  # fmt: skip


def test_ballots_are_acknowledged_together():
    with life(pack()) as club:
        begun(club)
        assert said(club, "投票 2", "li") + said(club, "投票 1", "chen") == []

        assert texts(club.wait(EVENING + 10 * MINUTE), "post") == ["收到 Li、Chen 的票。"]


def test_a_pack_may_want_each_answered():
    with life(pack(more="ack: {vote: each}")) as club:
        begun(club)

        assert texts(said(club, "投票 2"), "reply") == ["Li 的一票收到，选的是「历史」。"]


@pytest.mark.parametrize("words", ["2", "２", "2！"])
def test_a_number_alone_is_a_ballot_and_earns_nothing(words: str):
    with life(pack(more="score: {earn: {message: {points: 1}}}")) as club:
        begun(club)

        assert of(said(club, words), "points") == []
        ended(club)
        assert counts(club) == [0, 1, 0]


@pytest.mark.parametrize("words", ["4", "0", "22", "2 个苹果", "我选2", "二"])
def test_other_talk_is_no_ballot(words: str):
    with life(pack()) as club:
        begun(club)
        assert of(said(club, words), "reply") == []
        ended(club)

        assert counts(club) == [0, 0, 0]


CLAIMED = {
    "game": "{game: quiz, for: 3h}",
    "questions": "{questions: {title: 答疑, for: 3h}}",
    "share day": "{share_day: {title: 分享日, for: 3h}}",
    "prompt": "{ask: 今天读到第几章？, for: 3h}",
    "another vote": "{vote: {title: 去哪, options: [山, 海], for: 3h}}",
}


@pytest.mark.parametrize("what", CLAIMED)
def test_a_number_alone_is_none_while_something_is_open_that_it_may_be_said_to(what: str):
    more = f'  - {{id: other, when: "19:30 wed", do: [{CLAIMED[what]}]}}\n'
    with life(pack(more=more)) as club:
        begun(club)
        said(club, "2")
        assert club.read(Ballot) == []

        (opening,) = club.read(Thread, step="choice")
        said(club, "2", quote=opening.text)
        assert [each.choice for each in club.read(Ballot)] == ["2"]
        said(club, "投票 下月读什么 3")
        assert [each.choice for each in club.read(Ballot)] == ["3"]


def test_a_question_that_quotes_the_vote_is_talk():
    with life(pack()) as club:
        begun(club)
        (opening,) = club.read(Thread)

        assert of(said(club, "诗歌是哪一本？", quote=opening.text), "reply") == []


def test_of_several_votes_the_name_or_an_option_of_one_alone_decides_else_it_is_asked():
    vote = "{vote: {title: 去哪, options: [山上, 海边], for: 3h}}"
    other = f'  - {{id: other, when: "19:30 wed", do: [{vote}]}}\n'
    with life(pack(more=other)) as club:
        begun(club)
        for addressed in (True, False):
            (line,) = said(club, "投票 1", mentions_bot=addressed)
            assert (line.do, "去哪、下月读什么" in line.text) == ("dm", True)
        assert of(said(club, "投票 那么多，选哪个"), "dm", "reply") == []
        assert club.read(Ballot) == []

        (line,) = private(club, "1")
        assert "去哪、下月读什么" in line.text
        said(club, "投票 海边")
        said(club, "投票 下月读什么 1")
        assert [each.choice for each in club.read(Ballot, order="thread")] == ["2", "1"]


def test_what_is_none_of_the_options_is_told_with_them_if_it_is_a_number_or_said_to_the_bot():
    with life(pack()) as club:
        begun(club)
        assert of(said(club, "投票 散文"), "reply") == []

        for words, addressed in (("投票 散文", True), ("投票 9", False)):
            (line,) = said(club, words, mentions_bot=addressed)
            assert (line.do, line.text.splitlines()[1:]) == (
                "dm", ["1. 小说", "2. 历史", "3. 诗歌"]
            )  # fmt: skip


def test_who_comes_a_second_late_is_told_and_not_counted():
    with life(pack()) as club:
        begun(club)
        club.now = EVENING + 2 * HOUR - 1
        club.say("投票 1", "li")
        club.wait(EVENING + 2 * HOUR)
        (line,) = club.say("投票 2", "chen")

        assert (line.do, "刚刚结束" in line.text) == ("dm", True)
        assert counts(club) == [1, 0, 0]
        club.now += HOUR
        assert said(club, "投票 2", "chen") == []
        assert "没有进行中" in said(club, "投票 2", "chen", mentions_bot=True)[0].text


def test_who_comes_late_is_told_also_while_another_vote_is_open():
    vote = "{vote: {title: 去哪, options: [山上, 海边], for: 3h}}"
    with life(pack(more=f'  - {{id: other, when: "19:30 wed", do: [{vote}]}}\n')) as club:
        begun(club)
        club.wait(EVENING + 2 * HOUR)
        (line,) = said(club, "投票 诗歌")

        assert "「下月读什么」刚刚结束" in line.text
        assert club.read(Ballot) == []


def test_only_who_may_vote_does():
    more = "layers: {core: {enter: {score: '>= 10'}, leave: {score: '< 5'}, size: 9}}"
    with life(pack(f"{VOTE}, who: core", more)) as club:
        assert "请核心群的伙伴来投" in begun(club)[0].text
        (line,) = said(club, "投票 2")

        assert (line.do, "没有请所有人" in line.text) == ("dm", True)
        assert club.read(Ballot) == []
        person = club.person("chen")
        with club.acting() as context:
            context.store.put(builders.person(person.id, userid="chen", layer="core"))
        said(club, "投票 2", "chen")
        assert len(club.read(Ballot)) == 1


def test_what_cannot_be_known_is_told_as_that():
    group = builders.group(channels={"link": GROUP, "app": "a"})
    with life(pack(f"{VOTE}, who: {{active_days: '>= 2 in 7d'}}"), groups=(group,)) as club:
        begun(club, group)

        assert "还不能确定" in said(club, "投票 2", mentions_bot=True)[0].text
        assert club.read(Ballot) == []


def test_too_few_ballots_are_said_and_decide_nothing():
    with life(pack(f"{VOTE}, quorum: 3")) as club:
        assert "满 3 票才作数" in begun(club)[0].text
        said(club, "投票 2")

        assert "没有满 3 票，这一次不作数" in ended(club)


def test_a_quorum_above_the_number_of_members_is_told_to_staff():
    with life(pack(f"{VOTE}, quorum: 30")) as club:
        (task,) = of(begun(club), "task")

        assert "现在只有 5 人" in task.text


def test_equal_ones_are_all_named():
    with life(pack()) as club:
        begun(club)
        said(club, "投票 2")
        said(club, "投票 3", "chen")

        assert "「历史」、「诗歌」票数一样多" in ended(club)


def test_who_has_left_is_not_counted_and_who_is_not_listed_is_not_named():
    with life(pack()) as club:
        begun(club)
        said(club, "不上榜", "zhao", group="")
        for sender in ("li", "chen", "zhao"):
            said(club, "投票 1", sender)
        club.happen(MemberLeft, group=GROUP, member="chen")

        assert "谢谢 Li 来投票" in ended(club)
        assert counts(club) == [2, 0, 0]


def merge(club: Life, into: str, gone: str) -> None:
    club.happen(IdentitiesMerged, into=into, gone=gone)


@pytest.mark.parametrize("secret", ["false", "true"])
@pytest.mark.parametrize(("into", "gone"), [("li", "chen"), ("chen", "li")])
def test_two_ballots_of_who_is_one_become_the_later_one(secret: str, into: str, gone: str):
    with life(pack(f"{VOTE}, secret: {secret}")) as club:
        begun(club)
        for words, sender in (("投票 1", "li"), ("投票 2", "chen"), ("投票 3", "zhao")):
            private(club, words, sender)
        merge(club, into, gone)
        private(club, "投票 3", "he")
        ended(club)

        assert counts(club) == [0, 1, 2]


def test_a_result_waits_for_the_morning():
    with life(pack("title: 去哪, options: [山, 海], for: 4h")) as club:
        begun(club)
        said(club, "投票 1")
        assert of(club.wait(EVENING + 11 * HOUR), "post") == [club.handled[-1]] or True
        lines = club.wait(EVENING + 12 * HOUR)

        assert any("投票结果" in each for each in texts(lines, "post"))
        assert counts(club) == [1, 0]


def test_a_vote_outlives_a_restart_and_a_lost_batch_and_counts_a_repeated_event_once():
    with life(pack()) as club:
        begun(club)
        event = builders.message("投票 2", sender="li", at=club.now)
        club.handle(event, crash=True)
        assert club.read(Ballot) == []
        club.handle(event)
        club.handle(event)
        club.wait(EVENING + 2 * HOUR)

        assert counts(club) == [0, 1, 0]
        assert len([line for line in club.wait(EVENING + 3 * HOUR) if line.do == "post"]) == 0


def test_staff_open_it_and_end_it_by_hand():
    with life(pack()) as club:
        club.enforce()
        club.join(*PEOPLE)
        club.say("开场 下月读什么", "owner", mentions_bot=True)
        club.tick()
        said(club, "投票 2")
        club.say("结束 下月读什么", "owner", mentions_bot=True)
        lines = club.tick()

        assert "结果是「历史」" in texts(lines, "post")[0]
        assert len(club.read(Thread)) == 1


def test_a_vote_that_still_runs_is_not_opened_again():
    with life(pack("title: 去哪, options: [山, 海], for: 10d")) as club:
        begun(club)
        club.wait(EVENING + 8 * 24 * HOUR)

        assert len(club.read(Thread)) == 1


def test_where_nothing_is_heard_people_hold_it_with_the_options():
    group = builders.group(channels={"webhook": GROUP})
    with life(pack(), groups=(group,)) as club:
        (task,) = begun(club, group)

        assert (task.do, "小说、历史、诗歌" in task.text) == ("task", True)


# Secret votes.

SECRET = f"{VOTE}, secret: true"


def test_a_secret_vote_is_cast_in_private_and_the_answer_says_nothing():
    with life(pack(SECRET)) as club:
        assert "私信我「投票 1」" in begun(club)[0].text
        (line,) = private(club, "投票 2")

        assert (line.do, line.text) == (
            "reply", "收到，你在「下月读什么」的一票记下了。结束前再发一次就能改。"
        )  # fmt: skip


@pytest.mark.parametrize("words", ["投票 2", "2"])
def test_in_the_group_it_does_not_count_and_reveals_nothing(words: str):
    with life(pack(SECRET)) as club:
        begun(club)
        lines = said(club, words)

        assert {line.do for line in lines} <= {"dm"}
        assert club.read(Ballot) == []


def test_a_number_alone_that_is_said_to_the_bot_before_all_learns_where_a_secret_one_is_cast():
    with life(pack(SECRET)) as club:
        begun(club)
        (line,) = said(club, "2", mentions_bot=True)

        assert (line.do, "私信我「投票 1」" in line.text) == ("dm", True)
        assert club.read(Ballot) == []


def test_a_number_alone_is_enough_in_private():
    with life(pack(SECRET)) as club:
        begun(club)
        for sender in ("li", "chen", "zhao"):
            private(club, "2", sender)
        ended(club)

        assert counts(club) == [0, 3, 0]


def test_a_result_of_so_few_that_it_would_tell_is_not_told():
    with life(pack(SECRET)) as club:
        begun(club)
        private(club, "投票 2")
        private(club, "投票 2", "chen")
        told = ended(club)

        assert "投的人太少" in told
        assert "历史" not in told


def test_in_private_of_who_is_in_several_groups_the_only_vote_is_meant():
    groups = (builders.group(), builders.group(id="g2", title="二群"))
    with life(pack(SECRET + ", who: all"), groups=groups) as club:
        begun(club, *groups)
        club.join("li", group="g2")
        (line,) = private(club, "投票 2")
        assert "有几个投票" in line.text
        example = line.text.partition("比如「")[2].partition("」")[0]
        assert "记下了" in private(club, example)[0].text
        assert "记下了" in private(club, "投票 二群 2")[0].text
        assert {each.group for each in club.read(Thread)} == {GROUP, "g2"}
        assert len(club.read(Ballot)) == 2


def everything(club: Life) -> str:
    """All that the database holds, as text."""
    return "\n".join(str(record) for kind in RECORDS for record in club.read(kind))


@pytest.mark.parametrize(
    "words", ["投票 {}", "投票 下月读什么 {}", "晨读一群 投票 {}", "{}", "vote：{}", "投票 {}号"]
)
def test_when_it_is_over_nothing_that_is_kept_links_a_person_and_a_choice(words: str):
    """The same records remain whoever chose what: only the figures tell."""
    found = []
    for choices in ((1, 2, 2), (2, 1, 2)):
        with life(pack(SECRET)) as club:
            begun(club)
            for sender, choice in zip(PEOPLE, choices, strict=False):
                private(club, words.format(choice), sender)
            merge(club, "lin", "he")
            merge(club, "zhao", "lin")
            ended(club)
            found.append(everything(club))

    assert found[0] == found[1]


def test_while_it_is_open_the_choice_is_sealed():
    with life(pack(SECRET)) as club:
        begun(club)
        private(club, "投票 历史")

        assert len(club.read(Ballot)[0].choice) == 16
        kept = [Message, Aside, Outgoing, IdentityMerge]
        assert "历史" not in "".join(str(club.read(kind, **_of(kind, club))) for kind in kept)


def _of(kind: type[Record], club: Life) -> dict[str, Any]:
    return (
        {"person": club.person().id}
        if kind is Message
        else {"do": "dm"}
        if kind is Outgoing
        else {}
    )


def test_a_split_leaves_the_ballot_and_lets_the_other_vote_again():
    with life(pack(SECRET)) as club:
        begun(club)
        private(club, "投票 1", "li")
        private(club, "投票 2", "chen")
        merge(club, "li", "chen")
        club.happen(IdentitiesSplit, member="li")
        for words, sender in (("投票 1", "chen"), ("投票 3", "zhao")):
            private(club, words, sender)
        ended(club)

        assert counts(club) == [1, 1, 1]


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(1, 3)), max_size=12),
    st.sampled_from((VOTE, SECRET)),
)
def test_the_figures_are_the_last_words_of_everybody(ballots: list[tuple[str, int]], vote: str):
    with life(pack(vote)) as club:
        begun(club)
        club.handle(
            *(
                builders.message(f"投票 {choice}", sender=sender, at=club.now + place, group="")
                for place, (sender, choice) in enumerate(ballots)
            )
        )
        club.wait(EVENING + 2 * HOUR)
        last = list(dict(ballots).values())

        assert counts(club) == [last.count(place) for place in (1, 2, 3)]


# Topics of share days.

TOPICS = """
quiet: "22:30-07:30"
steps:
  - {id: friday, when: "21:00 fri", do: [{share_day: {title: 分享日, for: 30m}}]}
  - {id: choice, when: "20:00 wed", do: [{vote: {topics: friday, title: 周五聊什么, for: 2h}}]}
"""


def test_members_propose_topics_and_the_winner_is_the_next_title():
    with life(TOPICS) as club:
        club.now = EVENING - HOUR
        club.enforce()
        club.join(*PEOPLE)
        assert "记下了：怎样读完一本厚书" in said(club, "提话题 怎样读完一本厚书")[0].text
        said(club, "提话题 城市里的树", "chen")
        said(club, "赞 2", "zhao")
        lines = club.wait(EVENING)
        assert "1. 城市里的树\n2. 怎样读完一本厚书" in texts(lines, "post")[-1]

        club.now += MINUTE
        for sender in ("li", "he"):
            said(club, "投票 2", sender)
        assert "下一次就聊「怎样读完一本厚书」" in ended(club)
        lines = club.wait(EVENING + 49 * HOUR)
        assert "分享日 · 怎样读完一本厚书" in texts(lines, "post")[0]
        lines = club.wait(EVENING + (49 + 7 * 24) * HOUR)
        assert any("下一次分享就聊「城市里的树」" in each for each in texts(lines, "post"))
        assert any("分享日 · 城市里的树" in each for each in texts(lines, "post"))


def test_without_proposals_there_is_nothing_to_vote_on():
    with life(TOPICS) as club:
        lines = begun(club)

        assert [(line.do, line.reason) for line in lines] == [("dropped", "topics")]


def test_a_topic_is_there_once_and_a_member_has_two_at_most():
    with life(TOPICS) as club:
        begun(club)
        said(club, "提话题 城市里的树", "chen")

        (line,) = said(club, "提话题 城市里的树！")
        assert (line.do, "已经有人提过" in line.text) == ("dm", True)
        said(club, "提话题 甲乙丙")
        said(club, "提话题 子丑寅")
        (line,) = said(club, "提话题 天地玄")
        assert (line.do, "选过再提" in line.text) == ("dm", True)
        assert "写在后面" in said(club, "提话题 ！", mentions_bot=True)[0].text


def test_a_topic_that_says_how_to_reach_somebody_is_not_shown_to_the_group():
    with life(TOPICS) as club:
        begun(club)
        (line,) = said(club, "提话题 加我微信 abc12345 拿书单", "chen")

        assert (line.do, "联系方式" in line.text) == ("dm", True)
        assert club.read(Item) == []


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("提话题 城市里的树", "已经有人提过"),
        ("提话题", "写在后面"),
        ("回答 2 我也不知道", "等等看别人怎么说"),
        ("采纳 2", "还没有人回答"),
        ("提问 从哪一本读起？", "问题 2"),
        ("开场", "要群主或管理员来用"),
        ("投票 1", "没有"),
    ],
)
def test_where_nobody_is_answered_alone_nobody_is_sent_to_and_fro(words: str, answer: str):
    """In private these words only send back to the group: what is harmless is said there."""
    mentions = builders.group(channels={"link": GROUP, "aibot": GROUP})
    with life(TOPICS, groups=[mentions]) as club:
        club.now = EVENING - HOUR
        club.enforce(mentions)
        said(club, "提话题 城市里的树", "chen", mentions_bot=True)
        said(club, "提问 从哪一本读起？", mentions_bot=True)
        (line,) = said(club, words, mentions_bot=True)

        assert line.do == "reply"
        assert not line.private
        assert answer in line.text
