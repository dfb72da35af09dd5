"""What staff decide about texts is learned, bounded, and can be taken back."""

import pytest

from handlers.moderation import learning
from sop.model import LearnedText, Learning, Strike, Task
from sop.told_events import LearningReverted, TextsTaught
from tests import builders
from tests.builders import COMMUNITY
from tests.lives import DAY, MINUTE, Life, life

PACK = """
rules:
  checks: [{id: ads, detect: ads}]
  ladder: [remind, task]
  appeal: {within: 3d}
steps: []
"""
DOUBTFUL = "专修电脑，需要的联系我"
SILENT = "本周共读的书大家都读到哪里啦"


def club_of() -> Life:
    staff = {"owner": "boss", "staff": ("helper",)}
    return life(PACK, groups=[builders.group(**staff), builders.group(id="beta", **staff)])


def teach(club: Life, *texts: tuple[bool, str]) -> None:
    club.now += 1
    club.happen(TextsTaught, texts=texts)


def revert(club: Life, *texts: int, revision: int | None = None) -> None:
    club.now += 1
    club.happen(LearningReverted, texts=texts, revision=revision)


def labels(club: Life) -> list[str]:
    return [each.label for each in club.read(LearnedText, until=0)]


def revision(club: Life) -> int:
    return max((each.revision for each in club.read(Learning)), default=0)


def test_a_text_taught_is_a_breach_even_where_nothing_else_speaks_against_it():
    with club_of() as club:
        club.say(SILENT)
        assert not club.read(Strike)

        teach(club, (True, SILENT))
        club.now += MINUTE
        club.say(SILENT.replace("大家", "各位"), "wang", group="beta")

        assert [each.group for each in club.read(Strike)] == ["beta"]


def test_an_advert_told_of_in_another_community_is_asked_about_here_and_strikes_nobody():
    with club_of() as club:
        texts = ((True, SILENT), (True, "https://shop.example.com/a"), (False, DOUBTFUL))
        taught = TextsTaught(key="other", community="other", at=club.now, texts=texts)
        club.handle(taught)
        club.say(SILENT.replace("大家", "各位"))

        assert not club.read(Strike)
        [asked] = club.read(Task)
        assert (asked.kind, asked.community) == ("confirm-breach", COMMUNITY)

        club.say("拒绝 1", "helper")
        club.now += MINUTE
        club.say(SILENT.replace("大家", "各位"), "wang", group="beta")
        assert [each.id for each in club.read(Task)] == [1]


def test_what_another_community_has_taken_back_or_called_fine_since_is_not_asked_about():
    other = SILENT.replace("书", "诗集")
    with club_of() as club:
        texts = ((True, SILENT), (True, other), (False, other))
        club.handle(TextsTaught(key="taught", community="other", at=club.now, texts=texts))
        club.handle(LearningReverted(key="undo", community="other", at=club.now, texts=(1,)))
        club.now += MINUTE
        club.say(SILENT)
        club.say(f"早上好，{other}", "wang")

        assert not club.read(Task)


def test_staff_answers_are_learned_with_who_gave_them():
    with club_of() as club:
        club.say(DOUBTFUL)
        club.say("拒绝 1", "helper")
        [text] = club.read(LearnedText)

        assert (text.label, text.source, text.since) == ("fine", "task:1", 1)
        assert text.by
        assert "联系我" in text.words


def test_undone_is_as_if_it_had_not_been_learned_and_stays_on_record():
    with club_of() as club:
        teach(club, (True, SILENT))
        revert(club, 1)
        club.now += MINUTE
        club.say(SILENT, "wang")

        assert not club.read(Strike)
        [text] = club.read(LearnedText)
        assert (text.since, text.until, revision(club)) == (1, 2, 2)


def test_a_reset_goes_back_to_a_revision_and_can_be_reset():
    with club_of() as club:
        teach(club, (True, SILENT), (False, DOUBTFUL))
        teach(club, (True, "低价出三台旧电脑，九成新，来看货"))
        revert(club, revision=1)
        assert labels(club) == ["advert"]
        revert(club, revision=0)
        assert labels(club) == []
        revert(club, revision=3)
        assert labels(club) == ["advert", "fine", "advert"]


def test_the_same_again_changes_nothing_and_the_opposite_decides_anew():
    with club_of() as club:
        teach(club, (True, SILENT), (True, SILENT + "！！"))
        assert revision(club) == 1
        teach(club, (False, SILENT))
        club.now += MINUTE
        club.say(SILENT)

        assert not club.read(Strike)
        revert(club, 2)
        club.now += MINUTE
        club.say(SILENT, "wang")
        assert len(club.read(Strike)) == 1


def test_what_is_taken_back_leaves_nothing_behind_that_sounds_like_it():
    alike = SILENT.replace("大家", "各位")
    with club_of() as club:
        teach(club, (True, SILENT), (False, SILENT))
        club.now += MINUTE
        club.say(alike)
        assert not club.read(Strike)

        revert(club, 2)
        club.now += MINUTE
        club.say(alike, "wang")
        assert len(club.read(Strike)) == 1


def test_nothing_short_is_learned():
    with club_of() as club:
        teach(club, (True, "大家早"), (True, "13812345678"))

        assert not club.read(LearnedText)


def test_one_who_calls_everything_an_advert_reaches_no_further_than_a_few_such_texts(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(learning, "A_DAY", 2)
    said = [
        "今晚八点共读第三章，别忘了带书",
        "会议号照旧，晚到的从后门进",
        "周末的聚会改到下周三晚上了",
    ]
    with club_of() as club:
        club.say(SILENT, "helper")
        with club.acting("helper") as context:
            for text in said:
                learning.teach(
                    context, text, is_advert=True, by=context.person_id, source="task:1"
                )
        assert labels(club) == ["advert", "advert"]

        club.now += MINUTE
        club.say(said[2], "wang")
        club.say("晚上一起读第四章吧，我带了点心", "zhao")
        assert not club.read(Strike)

        revert(club, revision=0)
        club.say(said[0], "wang")
        assert not club.read(Strike)


def test_of_a_whole_group_called_adverts_no_line_stays_hit_once_it_is_undone(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(learning, "A_DAY", 8)
    things = [
        "月亮",
        "码头",
        "旧书",
        "茶馆",
        "雪夜",
        "铁路",
        "母亲",
        "海风",
        "灯塔",
        "集市",
        "老井",
        "戏台",
    ]
    said = [f"第{number}章读完了，{word}的那一段写得真好" for number, word in enumerate(things)]
    with club_of() as club:
        club.say(SILENT, "helper")
        with club.acting("helper") as context:
            for number, text in enumerate(said):
                learning.teach(
                    context, text, is_advert=True, by=context.person_id, source=f"task:{number}"
                )
        assert len(labels(club)) <= 8
        club.now += DAY
        club.say(said[0], "wang")
        assert club.read(Strike)

        revert(club, *(each.id for each in club.read(LearnedText, until=0)))
        before = len(club.read(Strike))
        for number, text in enumerate(said):
            club.now += MINUTE
            club.say(text, f"reader{number}")
        assert labels(club) == []
        assert len(club.read(Strike)) == before


def test_for_one_more_than_there_is_room_for_the_oldest_leaves(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(learning, "MOST", 2)
    with club_of() as club:
        teach(club, *((True, f"第{n}批{n}{n}新鲜杨梅到货要的接龙") for n in "一二三"))

        assert [each.id for each in club.read(LearnedText, until=0)] == [2, 3]


def test_what_died_with_its_batch_was_not_learned():
    with club_of() as club:
        event = TextsTaught(key="t", community=COMMUNITY, at=club.now, texts=((True, SILENT),))
        club.handle(event, crash=True)
        club.say(SILENT)

        assert not club.read(Strike)


def test_who_says_it_does_not_outweigh_what_staff_have_said():
    with club_of() as club:
        for day in range(40):
            club.say(f"第{day}天的打卡，今天读到了很喜欢的一段，记在本子上了", "wang")
            club.now += DAY
        teach(club, (True, SILENT))
        club.now += MINUTE
        club.say(SILENT, "wang")

        assert len(club.read(Strike)) == 1


LINKED = "https://evil.example.top/ad?of=3"


def test_a_link_that_staff_call_an_advert_is_one_everywhere_and_the_rest_of_its_site_is_not():
    with club_of() as club:
        club.say(LINKED)
        club.say("同意 1", "helper")
        assert [each.words for each in club.read(LearnedText)] == ["//evil.example.top/ad?of=3"]
        club.now += MINUTE
        club.say("快看 HTTPS://evil.example.top/ad?of=3#top 哈哈", "wang", group="beta")
        club.say("https://evil.example.top/other", "zhao", group="beta")

        assert [each.group for each in club.read(Strike, order="id")] == ["g1", "beta"]
        assert len(club.read(Task, status="open")) == 1


def test_a_site_that_staff_call_fine_is_not_asked_about_again_until_that_is_taken_back():
    with club_of() as club:
        club.say("https://blog.example.top/a")
        club.say("拒绝 1", "helper")
        club.now += MINUTE
        club.say("https://blog.example.top/b?x=1", "wang")
        assert not club.read(Task, status="open")

        revert(club, revision=0)
        club.now += MINUTE
        club.say("https://blog.example.top/c", "zhao")
        assert len(club.read(Task, status="open")) == 1


def test_of_fine_words_the_site_is_learned_and_of_an_adverts_words_it_is_not():
    with club_of() as club:
        teach(club, (False, "推荐一篇讲复利讲得很透的好文章 https://blog.example.top/a"))
        teach(club, (True, "本店周年庆全场五折起送完为止 https://shop.example.top/a"))
        teach(club, (True, "https://docs.qq.com/form/a"), (False, "https://docs.qq.com/form/a"))

        links = [each.words for each in club.read(LearnedText) if each.words.startswith("//")]
        assert links == ["//blog.example.top"]


def test_a_link_taken_for_an_advert_by_mistake_is_made_good():
    with club_of() as club:
        teach(club, (True, LINKED))
        club.now += MINUTE
        club.say(LINKED, "wang")
        assert [each.reversed_at for each in club.read(Strike)] == [0]
        club.now += MINUTE
        club.say("没事", "boss", quote=LINKED)

        assert all(each.reversed_at for each in club.read(Strike))
        club.say(LINKED, "zhao", at=club.now + 1)
        assert len(club.read(Strike)) == 1
        assert not club.read(Task, status="open")


def test_a_message_that_begins_like_a_link_is_a_message():
    with club_of() as club:
        teach(club, (True, f"// {SILENT} 13812345678"), (True, "//" + "书" * 5_000))

        assert all(len(each.words) <= 200 for each in club.read(LearnedText))
        assert not any(
            "138" in each.words or "//" in each.words for each in club.read(LearnedText)
        )
