"""What staff said of a message can be taken back by the number of the task."""

import pytest

from sop.model import LearnedText, Strike
from tests.lives import MINUTE, texts
from tests.unit.handlers.test_doubts import DOUBTFUL, club_of


@pytest.mark.parametrize("word", ["同意", "拒绝"])
def test_an_answer_that_was_a_slip_is_taken_back_with_all_that_followed(word: str):
    with club_of() as club:
        club.say(DOUBTFUL)
        club.say(f"{word} 1", "helper")
        club.now += MINUTE
        club.say(DOUBTFUL, "wang", group="beta")
        lines = club.say("撤销 1", "helper", group="", at=club.now + 1)

        assert [each for each in club.read(Strike) if not each.reversed_at] == []
        assert not club.read(LearnedText, until=0)
        sorry = [each for each in lines if each.do == "dm" and "抱歉" in each.text]
        assert len(sorry) == (2 if word == "同意" else 0)
        assert "不算数了" in texts(lines)[-1]


def test_who_is_not_staff_takes_no_answer_back():
    with club_of() as club:
        club.say(DOUBTFUL)
        club.say("同意 1", "helper")
        club.say("撤销 1", "li", at=club.now + 1)

        assert [each.reversed_at for each in club.read(Strike)] == [0]


def test_who_forgives_hears_that_the_words_are_still_known_as_an_advert():
    with club_of() as club:
        club.say(DOUBTFUL)
        club.say("同意 1", "helper")
        lines = club.say("撤销 @Li", "helper", at=club.now + 1)

        assert "还记着是广告" in texts(lines)[-1]
        assert [each.label for each in club.read(LearnedText, until=0)] == ["advert"]
