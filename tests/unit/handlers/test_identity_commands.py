"""合并 and 拆分: staff ask, a task asks once more, and rights are never handed on in a chat."""

import pytest

from handlers.people import people
from sop.model import IdentityMerge, Task
from tests import builders
from tests.builders import COMMUNITY
from tests.lives import Life, life, of, texts

PACK = "score: {earn: {message: {points: 1}}}"


def peopled(club: Life) -> None:
    club.join("boss", "li", "wang", "zhao.liu")
    club.handle(*(
        builders.message("早", sender=each, name=name, key=each)
        for each, name in (("li", "小李"), ("wang", "小李"), ("zhao.liu", "老赵"))
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("said", "mentions"),
    [
        ("合并 @li @wang", ("li", "wang")),
        ("合并 @2 @3", ()),
        ("合并 2 3", ()),
        ("合并 li wang", ()),
        ("合并@li @wang", ()),
    ],
)
def test_two_are_one_after_somebody_has_said_so_again(said: str, mentions: tuple[str, ...]):
    with life(PACK, groups=(builders.group(owner="boss"),)) as club:
        peopled(club)
        asked = club.say(said, "boss", mentions=mentions, mentions_bot=True)

        assert club.read(IdentityMerge) == []
        (task,) = of(asked, "task")
        assert "小李（@3） 和 小李（@2） 是同一个人吗" in task.text
        assert "1 + 1 = 2" in task.text

        club.say("同意 1", "boss", key="yes")
        assert club.person("li").id == club.person("wang").id == 2
        assert club.person("wang").balance == 2

        club.say("拆分 @li", "boss", key="split")
        club.say("拒绝 2", "boss", key="no")
        assert club.person("wang").id == 2
        club.say("拆分 @li", "boss", key="split again")
        club.say("同意 3", "boss", key="yes again")
        assert [club.person(each).balance for each in ("li", "wang")] == [1, 1]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("合并", "这样写"),
        ("合并 @li", "这样写"),
        ("合并 @li @li", "已经是同一个人了"),
        ("合并 @li @nobody", "没找到这个人"),
        ("合并 @li @boss", "只能由部署的人"),
        ("合并 @小李 @老赵", "还不能确定是哪一位"),
        ("拆分 @li", "没有合并过"),
        ("拆分 @nobody", "没找到这个人"),
    ],
)
def test_what_is_not_clear_or_not_allowed_changes_nothing(said: str, answer: str):
    with life(PACK, groups=(builders.group(owner="boss"),)) as club:
        peopled(club)
        lines = club.say(said, "boss", mentions_bot=True)

        assert answer in "\n".join(texts(lines))
        assert club.read(Task) == []


def test_members_cannot_merge_anybody():
    with life(PACK, groups=(builders.group(owner="boss"),)) as club:
        peopled(club)
        lines = club.say("合并 @li @wang", "zhao.liu")

        assert club.read(Task) == []
        assert of(lines, "dm", "reply")


def test_who_came_to_run_a_group_meanwhile_is_not_merged_by_the_old_yes():
    with life(PACK, groups=(builders.group(owner="boss"),)) as club:
        peopled(club)
        club.say("合并 @li @wang", "boss")
        with club.acting() as context:
            context.store.put(builders.group(owner="boss", staff=("wang",)))
        club.say("同意 1", "boss", key="yes")

        assert club.read(IdentityMerge) == []


def test_an_older_question_about_two_who_are_one_by_now_is_closed():
    with life(PACK, groups=(builders.group(owner="boss"),)) as club:
        peopled(club)
        for said in ("合并 @wang @li", "合并 @li @wang", "合并 @li @zhao.liu"):
            club.say(said, "boss", key=said)
        club.say("同意 2", "boss", key="yes")

        assert [task.status for task in club.read(Task, order="id")] == [
            "void", "approved", "open",
        ]  # fmt: skip


def test_what_was_said_by_who_is_somebody_else_now_is_theirs():
    with life(PACK, groups=(builders.group(owner="boss"),)) as club:
        peopled(club)
        club.say("今天读完了第三章", "wang")
        club.say("合并 @li @wang", "boss")
        club.say("同意 1", "boss", key="yes")
        club.say("加分 5 写得好", "boss", quote="今天读完了第三章")

        assert club.person("li").balance == 3 + 5
        li = club.person("li")
        with club.acting() as context:
            assert people.current(context.store, COMMUNITY, 3) == li
            assert people.current(context.store, COMMUNITY, 99) is None
