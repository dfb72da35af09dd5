"""Benefits: to whom they are open, and that none is given twice."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sop.model import Claim, Member, Task
from tests import clubs
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.clubs import Club, aloud, kinds, told

DAY = 86_400_000

PACK = """
levels: [{id: sprout, title: 新芽, at: 0}, {id: reader, title: 书友, at: 30}]
first_benefit: book-list
benefits:
  - {id: book-list, title: 《一周书单》, kind: file, value: week.pdf, stock: 2}
  - {id: seat, title: 读书会座位, kind: code, codes: seats.csv, per_member: 1/30d}
  - {id: pass, title: 通行码, kind: code, valid: {for: 14d}}
  - {id: class, title: 精读课, kind: link, value: "https://example.com/class"}
  - {id: talk, title: 作者交流, kind: service, fulfil: task, by: staff}
  - {id: coupon, title: 书店券, kind: code, price: 60}
  - {id: reading, title: 书友专享, kind: link, value: "https://example.com/r", levels: [reader]}
  - {id: inner, title: 核心专享, kind: link, value: "https://example.com/c", layer: core}
  - {id: promised, title: 核心承诺, kind: link, value: "https://example.com/p"}
  - {id: vote, title: 规则投票, kind: quota}
layers:
  core: {enter: {score: ">= 120"}, leave: {score: "< 80"}}
  benefits: {core: [promised]}
leaders:
  tiers: [{id: rising, title: 新星, benefits: [vote]}]
"""
FILES = {"week.pdf": b"%PDF", "seats.csv": b"\xef\xbb\xbfcode\nSEAT-1\n\nSEAT-2,x\nSEAT-1\n"}


@pytest.fixture
def club() -> Iterator[Club]:
    with clubs.opened(PACK, files=FILES) as made:
        made.member("wang.wu", "王五")
        made.member("zhao", "赵六")
        yield made


def claims(club: Club) -> list[tuple[str, str]]:
    found = club.store.find(Claim, community=COMMUNITY, order="id")
    return [(claim.benefit, claim.code) for claim in found]


@pytest.mark.parametrize("group", [GROUP, ""], ids=["group", "private"])
def test_the_first_benefit_is_sent_privately_once(club: Club, group: str):
    first = club.say("领取", group=group)
    second = club.say("领取", group=group)

    assert (first.actions[0].file, first.actions[0].private) == ("week.pdf", True)
    assert "已经领过" in told(second)
    assert second.actions[0].file == ""
    assert claims(club) == [("book-list", "")]


def test_stock_ends_it(club: Club):
    outcomes = [club.say("领取", sender) for sender in ("li", "wang.wu", "zhao")]

    assert "已经领完" in told(outcomes[-1])
    assert len(claims(club)) == 2


@pytest.mark.parametrize("name", ["精读课", "《精读课》", "class", "CLASS", "精读"])
def test_a_benefit_is_found_by_title_or_id(club: Club, name: str):
    assert "https://example.com/class" in told(club.say(f"领取 {name}"))


def test_no_code_is_given_twice_even_when_the_list_changes(club: Club):
    first = club.say("领取 读书会座位", "li")
    club.book = clubs.book(PACK, files={"seats.csv": b"SEAT-2\nSEAT-1\n"})
    second = club.say("领取 读书会座位", "wang.wu")
    third = club.say("领取 读书会座位", "zhao")

    assert "SEAT-1" in told(first)
    assert "SEAT-2" in told(second)
    assert "领完" in told(third)
    assert claims(club) == [("seat", "SEAT-1"), ("seat", "SEAT-2")]


def test_what_is_allowed_once_a_month_is_open_again_after_it(club: Club):
    club.say("领取 读书会座位")

    assert "领过" in told(club.say("领取 读书会座位", at=EVENING + 29 * DAY))
    assert "SEAT-2" in told(club.say("领取 读书会座位", at=EVENING + 31 * DAY))


def test_made_codes_differ_and_tell_until_when_they_hold(club: Club):
    first = club.say("领取 通行码", "li")
    club.say("领取 通行码", "wang.wu")

    codes = [code for _, code in claims(club)]
    assert len(set(codes)) == 2
    assert codes[0] in told(first)
    assert "12月16日" in told(first)


@pytest.mark.parametrize("missing", ["week.pdf", "seats.csv"])
def test_a_missing_file_is_one_task_and_a_friendly_word(club: Club, missing: str):
    club.book = clubs.book(PACK, files={name: FILES[name] for name in FILES if name != missing})
    name = "book-list" if missing == "week.pdf" else "seat"

    first = club.say(f"领取 {name}", "li")
    second = club.say(f"领取 {name}", "wang.wu")

    assert kinds(first) == ["task", "reply"]
    assert missing in first.actions[0].text
    assert kinds(second) == ["reply"]
    assert "正在准备" in told(second)
    assert claims(club) == []


def test_a_person_sees_to_what_a_person_must_do(club: Club):
    outcome = club.say("领取 作者交流")

    assert kinds(outcome) == ["task", "reply"]
    assert outcome.actions[0].to == "staff"
    assert "李四" in outcome.actions[0].text
    assert aloud(outcome) == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("书店券", "60 分"),
        ("书友专享", "书友"),
        ("核心专享", "核心群"),
        ("核心承诺", "核心群"),
        ("规则投票", "特定伙伴"),
        ("没有这个", "可以领的有"),
        ("专享", "可以领的有"),
        ("{{ 7*7 }}" * 2_000, "可以领的有"),
    ],
)
def test_what_is_not_open_is_refused_with_a_reason(club: Club, name: str, words: str):
    outcome = club.say(f"领取 {name}")

    assert words in told(outcome)
    assert claims(club) == []
    assert aloud(outcome) == ""


def test_the_core_gets_what_is_promised_to_it(club: Club):
    club.store.put(replace(club.li, layer="core"))

    assert "https://example.com/p" in told(club.say("领取 核心承诺"))
    assert "https://example.com/c" in told(club.say("领取 核心专享"))


def test_leaders_get_what_is_promised_to_them(club: Club):
    club.store.put(replace(club.li, role="leader"))

    assert claims_after(club, "领取 规则投票") == ["vote"]


def claims_after(club: Club, text: str) -> list[str]:
    club.say(text)
    return [benefit for benefit, _ in claims(club)]


def test_who_left_gets_nothing(club: Club):
    membership = club.store.get(Member, COMMUNITY, GROUP, club.li.id)
    assert membership is not None
    club.store.put(replace(membership, left_at=EVENING))

    outcome = club.say("领取", group="")

    assert kinds(outcome) == ["reply"]
    assert claims(club) == []


def test_where_no_answer_can_be_private_nothing_is_used_up(club: Club):
    club.group(channels=clubs.MENTIONS_ONLY)

    outcome = club.say("领取 通行码", mentions_bot=True)

    assert "私信我「领取」" in told(outcome)
    assert claims(club) == []


def test_a_pack_without_benefits_says_so(club: Club):
    club.book = clubs.book()

    assert "没有可以直接领取" in told(club.say("领取"))


def test_without_a_first_benefit_the_open_ones_are_listed(club: Club):
    club.book = clubs.book(PACK.replace("first_benefit: book-list", ""))

    text = told(club.say("领取"))

    assert "精读课" in text
    assert "书店券" not in text
    assert "核心专享" not in text


def test_the_same_claim_replayed_makes_the_same_code(club: Club):
    def code() -> str:
        with clubs.opened(PACK) as other:
            return told(other.say("领取 通行码"))

    assert code() == code()


def test_a_task_for_a_benefit_is_closed_by_its_number(club: Club):
    club.say("领取 作者交流")

    club.say("完成 1", "boss")

    task = club.store.get(Task, COMMUNITY, 1)
    assert task is not None
    assert task.status == "done"


def test_nobody_without_a_name_breaks_the_words(club: Club):
    club.member("nameless")

    assert "nameless" not in told(club.say("领取", "nameless"))
