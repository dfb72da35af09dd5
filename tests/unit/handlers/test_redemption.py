"""Redeeming: points for a benefit, in private, refused kindly, approved and given back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.vault import Vault
from handlers.accounts.verification import differences
from handlers.benefits import code_lists
from handlers.benefits.code_lists import Sealed
from handlers.identity import identities
from handlers.ledger import ledger
from handlers.ports import Outcome
from handlers.staff import staff
from sop.activities import codes
from sop.events import TaskAnswered
from sop.model import Claim, Code, LedgerEntry, Member, Task
from tests import clubs
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.clubs import Club, aloud, kinds, told

DAY = 86_400_000

PACK = """
score: {window: 30d, earn: {message: {points: 1}}}
levels: [{id: sprout, title: 新芽, at: 0}, {id: reader, title: 书友, at: 30}]
links: {talk: "https://example.com/talk"}
benefit_budget: {per: month, cost: 100}
benefits:
  - {id: coupon, title: 书店 20 元券, kind: code, codes: coupons.csv, price: 60, per_member: 1/30d}
  - {id: mug, title: 马克杯, kind: quota, price: 50, stock: 1, approve: staff}
  - {id: talk, title: 作者交流, kind: service, fulfil: task, by: leader, price: 10, stock: 1}
  - {id: card, title: 会员卡, kind: code, price: 20, refers: talk, valid: {for: 14d}}
  - {id: dear, title: 演出票, kind: link, value: "https://example.com/t", price: 5, cost: 60}
  - {id: reading, title: 书友专享, kind: link, value: "https://e.com/r", price: 5,
     levels: [reader]}
  - {id: sale, title: 双十二礼包, kind: link, value: "https://e.com/s", price: 5,
     calendar: "2026-12-12..2026-12-14"}
  - {id: gift, title: 见面礼, kind: link, value: "https://e.com/g"}
"""
FILES = {"coupons.csv": b"code\nB-0001\nB-0002\n"}
VAULT = Vault("a secret", Path("/nonexistent/keys"))


@pytest.fixture
def club() -> Iterator[Club]:
    with clubs.opened(PACK, files=FILES) as made:
        made.member("wang.wu", "王五")
        rich(made, "li")
        yield made


def rich(club: Club, userid: str, points: int = 100) -> None:
    person = club.person(userid)
    context = club.context(club.message("", userid))
    ledger.book_entry(context, person.id, "award", points, score=0, source=f"gift:{userid}")


def balance(club: Club, userid: str = "li") -> int:
    return club.person(userid).balance


def claims(club: Club) -> list[Claim]:
    return list(club.store.find(Claim, community=COMMUNITY, order="id"))


def entries(club: Club) -> list[tuple[str, int, int]]:
    found = club.store.find(LedgerEntry, community=COMMUNITY, order="id")
    return [(each.deed, each.points, each.standing) for each in found]


def answered(club: Club, choice: str, number: int = 1, by: str = "boss") -> Outcome:
    event = TaskAnswered(
        key=f"{choice}:{number}", community=COMMUNITY, group=GROUP, at=EVENING,
        task=str(number), choice=choice, by=by,
    )  # fmt: skip
    context = replace(club.context(club.message("", by)), person_id=club.person(by).id)
    return staff.answer_task(event, context)


def sound(club: Club) -> list[str]:
    return list(differences(club.store, club.book, COMMUNITY))


def test_points_are_exchanged_for_a_code_and_the_standing_stays(club: Club):
    score = club.person("li").score

    outcome = club.say("兑换 书店 20 元券")

    assert "B-0001" in told(outcome)
    assert "用了 60 分，还有 40 分" in told(outcome)
    assert aloud(outcome) == ""
    assert (balance(club), club.person("li").score) == (40, score)
    assert entries(club)[-1] == ("redeem", -60, 0)
    (claim,) = claims(club)
    assert (claim.status, claim.price, claim.tail, claim.title) == (
        "given", 60, "01", "书店 20 元券",
    )  # fmt: skip
    assert sound(club) == []


def test_who_lacks_points_is_told_how_many_and_pays_nothing(club: Club):
    outcome = club.say("兑换 书店 20 元券", "wang.wu")

    assert "还差 60 分" in told(outcome)
    assert claims(club) == []
    assert balance(club, "wang.wu") == 0


def test_the_catalogue_tells_what_there_are_points_enough_for_from_what_there_are_not(club: Club):
    rich(club, "wang.wu", 30)

    some, none = told(club.say("兑换", "wang.wu")), told(club.say("兑换", "boss"))

    assert "你现在有 30 分，可以换：作者交流（10 分）、会员卡（20 分）、演出票（5 分）。" in some
    assert "再攒一攒还能换：书店 20 元券（60 分）、马克杯（50 分）。" in some
    assert none.startswith("你现在有 0 分，攒够了就能换：书店 20 元券（60 分）、马克杯（50 分）")
    assert "可以换" not in none


def test_who_can_exchange_nothing_yet_hears_what_the_next_level_opens():
    later = """
score: {window: 30d, earn: {message: {points: 1}}}
levels: [{id: sprout, title: 新芽, at: 0}, {id: reader, title: 书友, at: 30}]
benefits: [{id: c, title: 书店券, kind: code, price: 60, levels: [reader]}]
"""
    with clubs.opened(later) as found:
        assert told(found.say("兑换")) == (
            "升到「书友」就可以换：书店券（60 分），再有 30 分就到了。"
            "你现在有 0 分，会一直替你存着。"
        )
    with clubs.opened(later.replace("price: 60, ", "")) as found:
        assert "还没有可以换的东西" in told(found.say("兑换"))


def test_the_catalogue_says_what_there_is_and_what_it_costs(club: Club):
    words = told(club.say("兑换"))

    assert "你现在有 100 分" in words
    assert "书店 20 元券（60 分）" in words
    assert "书友专享" not in words
    assert "见面礼" not in words
    assert "可以换的有" in told(club.say("兑换 没有这个"))


def test_a_title_that_is_only_begun_is_asked_about_before_points_go(club: Club):
    outcome = club.say("兑换 书店")

    assert "60 分" in told(outcome)
    assert "发「兑换 书店 20 元券」" in told(outcome)
    assert claims(club) == []


def test_what_has_a_price_is_not_claimed_and_what_has_none_is_not_paid(club: Club):
    assert "发「兑换 书店 20 元券」" in told(club.say("领取 书店 20 元券"))
    assert claims(club) == []

    assert "https://e.com/g" in told(club.say("兑换 见面礼"))
    assert balance(club) == 100


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("书友专享", "再有 30 分就到了"),
        ("双十二礼包", "12月12日才开放"),
        ("演出票", "https://example.com/t"),
    ],
)
def test_what_is_missing_is_said_with_what_to_do(club: Club, name: str, words: str):
    assert words in told(club.say(f"兑换 {name}"))


def test_an_opening_time_that_is_over_is_over(club: Club):
    late = EVENING + 20 * DAY

    assert "已经过了" in told(club.say("兑换 双十二礼包", at=late))
    assert "https://e.com/s" in told(club.say("兑换 双十二礼包", at=EVENING + 10 * DAY))


def test_the_budget_of_a_month_bounds_what_benefits_cost(club: Club):
    rich(club, "wang.wu")
    club.say("兑换 演出票")

    refused = club.say("兑换 演出票", "wang.wu")
    later = club.say("兑换 演出票", "wang.wu", at=EVENING + 30 * DAY)

    assert "1月1日再来" in told(refused)
    assert "https://example.com/t" in told(later)


def test_a_refund_makes_room_in_the_budget_only_where_the_stock_returns(club: Club):
    rich(club, "wang.wu")
    club.say("兑换 演出票")
    club.say("撤销 兑换 1", "boss", group=GROUP, mentions_bot=True)

    assert "1月1日再来" in told(club.say("兑换 演出票", "wang.wu"))


def test_a_second_time_shows_the_end_of_the_code_and_when_it_is_open_again(club: Club):
    club.say("兑换 书店 20 元券")

    words = told(club.say("兑换 书店 20 元券"))

    assert "B-0001" not in words
    assert "尾号是 01" in words
    assert "单号 1" in words
    assert "1月1日起" in words


def test_a_shop_of_one_thing_that_was_just_had_says_when_it_is_open_again():
    shop = "benefits: [{id: c, title: 书店券, kind: code, price: 6, per_member: 1/30d}]\n"
    with clubs.opened(shop + "score: {earn: {message: {points: 1}}}\n") as found:
        rich(found, "li")
        found.say("兑换 书店券")

        assert "1月1日起可以再来一次" in told(found.say("兑换"))


def test_a_code_that_has_run_out_of_time_is_told_as_expired(club: Club):
    club.say("兑换 会员卡")

    assert "过了有效期" not in told(club.say("兑换 会员卡", at=EVENING + 13 * DAY))
    assert "过了有效期" in told(club.say("兑换 会员卡", at=EVENING + 14 * DAY))


def test_what_it_refers_to_stands_below(club: Club):
    assert "https://example.com/talk" in told(club.say("兑换 会员卡"))


def test_where_no_answer_can_be_private_nothing_is_taken(club: Club):
    club.group(channels=clubs.MENTIONS_ONLY)

    outcome = club.say("兑换 会员卡", mentions_bot=True)

    assert "私信我「兑换」" in told(outcome)
    assert claims(club) == []
    assert balance(club) == 100


# Approval, and what people do by hand


def test_what_needs_a_yes_is_set_aside_and_paid_at_once(club: Club):
    rich(club, "wang.wu")
    outcome = club.say("兑换 马克杯")

    assert kinds(outcome) == ["points", "task", "reply"]
    assert "同意" in outcome.actions[1].text
    assert balance(club) == 50
    assert "领完" in told(club.say("兑换 马克杯", "wang.wu"))
    again = told(club.say("兑换 马克杯"))
    assert ("等人确认" in again, "领过" in again) == (True, False)

    given = answered(club, "approve")

    assert kinds(given) == ["dm"]
    (claim,) = claims(club)
    assert claim.status == "given"
    assert claim.code in given.actions[0].text
    assert answered(club, "approve").actions == ()
    assert len(claims(club)) == 1


def test_a_no_gives_points_and_place_back_with_a_kind_word(club: Club):
    rich(club, "wang.wu")
    club.say("兑换 马克杯")

    rejected = answered(club, "reject")

    assert "50 分已经还给你了" in rejected.actions[-1].text
    assert rejected.actions[-1].to == str(club.li.id)
    assert balance(club) == 100
    assert claims(club)[0].status == "refunded"
    assert sound(club) == []
    assert kinds(club.say("兑换 马克杯", "wang.wu")) == ["points", "task", "reply"]


def test_a_member_cannot_agree_for_themselves(club: Club):
    club.say("兑换 马克杯")

    refused = answered(club, "approve", by="li")

    assert [line.reason for line in refused.actions] == ["not-staff"]
    assert claims(club)[0].status == "waiting"


def test_staff_do_not_agree_to_what_they_ask_for_themselves(club: Club):
    club.group(staff=("helper", "other"))
    club.member("helper", "小助手")
    rich(club, "helper")
    club.say("兑换 马克杯", "helper")

    assert "dm" not in kinds(club.say("同意 1", "helper", group=""))
    assert claims(club)[0].status == "waiting"
    assert "dm" in kinds(club.say("同意 1", "other", group=""))
    assert claims(club)[0].status == "given"


def test_what_was_withdrawn_meanwhile_is_given_back_if_its_pack_is_gone(club: Club):
    club.say("兑换 马克杯")
    club.book = replace(clubs.book("", files=FILES), version="v2")

    given = answered(club, "approve")

    assert "已经下架了" in given.actions[-1].text
    assert balance(club) == 100


def test_what_was_withdrawn_meanwhile_is_honoured_under_its_own_pack(club: Club):
    club.say("兑换 马克杯")
    old = club.book
    club.book = replace(clubs.book("", files=FILES), version="v2")
    context = replace(
        club.context(club.message("", "boss")), editions=lambda _store, _community, _version: old
    )
    event = TaskAnswered(
        key="k", community=COMMUNITY, group=GROUP, at=EVENING, task="1", choice="approve",
        by="boss",
    )  # fmt: skip

    given = staff.answer_task(event, context)

    assert claims(club)[0].code in given.actions[-1].text
    assert balance(club) == 50


def test_a_service_goes_to_a_leader_and_never_to_the_one_who_asks(club: Club):
    club.member("wang.wu", role="leader")
    rich(club, "wang.wu")

    assert club.say("兑换 作者交流").actions[1].to == str(club.person("wang.wu").id)
    club.say("撤销 兑换 1", "boss", mentions_bot=True)
    assert club.say("兑换 作者交流", "wang.wu").actions[1].to == "staff"


def test_a_service_nobody_saw_to_yet_comes_back_into_stock(club: Club):
    club.say("兑换 作者交流")

    club.say("撤销 兑换 1", "boss", mentions_bot=True)

    assert claims(club)[0].status == "refunded"
    assert balance(club) == 100
    assert club.store.count(Task, community=COMMUNITY, status="open") == 0


def test_a_service_that_was_done_does_not(club: Club):
    club.say("兑换 作者交流")
    club.say("完成 1", "boss")

    club.say("撤销 兑换 1", "boss", mentions_bot=True)

    assert claims(club)[0].status == "spoiled"
    assert balance(club) == 100


def test_a_service_that_nobody_can_do_is_given_back(club: Club):
    club.say("兑换 作者交流")
    (task,) = club.store.find(Task, community=COMMUNITY, kind="claim")

    outcome = club.say(f"拒绝 {task.id}", "boss")

    (word,) = [each.text for each in outcome.actions if each.do == "dm"]
    assert "这次没能给到你" in word
    assert "用掉的 10 分已经还给你了" in word
    assert (claims(club)[0].status, balance(club)) == ("refunded", 100)
    assert sound(club) == []
    # Somebody else may have it.
    rich(club, "wang.wu")
    assert "已经登记" in told(club.say("兑换 作者交流", "wang.wu"))


# Taking back


def test_staff_take_the_last_one_back_by_name(club: Club):
    club.say("兑换 书店 20 元券")

    outcome = club.say("撤销 @李四 兑换", "boss")

    assert "已撤销 李四" in told(outcome)
    assert "不会再放回库存" in told(outcome)
    assert balance(club) == 100
    assert claims(club)[0].status == "spoiled"
    assert entries(club)[-1] == ("reversal", 60, 0)
    assert sound(club) == []


def test_a_seen_code_goes_to_nobody_else_and_its_owner_may_have_another(club: Club):
    club.say("兑换 书店 20 元券")
    club.say("撤销 兑换 1", "boss", mentions_bot=True)

    assert "B-0002" in told(club.say("兑换 书店 20 元券"))


def test_it_is_taken_back_once(club: Club):
    club.say("兑换 书店 20 元券")
    club.say("撤销 兑换 1", "boss", mentions_bot=True)

    assert "已经撤销过" in told(club.say("撤销 兑换 1", "boss", mentions_bot=True))
    assert balance(club) == 100


@pytest.mark.parametrize("words", ["撤销 兑换 99", "撤销 兑换 1", "撤销 @王五 兑换"])
def test_what_there_is_not_is_not_taken_back(club: Club, words: str):
    assert "没有找到这张兑换单" in told(club.say(words, "boss", mentions_bot=True))


@pytest.mark.parametrize("words", ["撤销 兑换 1", "撤销 兑换1", "撤销 领取 1"])
def test_the_number_alone_takes_back_where_the_bot_hears_everything(club: Club, words: str):
    club.say("兑换 书店 20 元券")

    assert "退回 60 分" in told(club.say(words, "boss", group=GROUP))
    assert balance(club) == 100


@pytest.mark.parametrize("words", ["撤销 兑换", "撤销 兑换 1 吧", "撤销 昨天的 1", "撤销 一下"])
def test_talk_of_taking_back_is_no_command(club: Club, words: str):
    club.say("兑换 书店 20 元券")

    assert told(club.say(words, "boss", group=GROUP)) == ""
    assert balance(club) == 40


def test_what_staff_have_redeemed_themselves_others_take_back(club: Club):
    club.group(staff=("helper", "other"))
    club.member("helper")
    rich(club, "helper")
    club.say("兑换 书店 20 元券", "helper")

    assert "另一位管理员" in told(club.say("撤销 兑换 1", "helper", mentions_bot=True))
    assert balance(club, "helper") == 40
    assert "退回 60 分" in told(club.say("撤销 兑换 1", "other", mentions_bot=True))
    assert "退回：兑换（书店 20 元券） +60" in told(club.say("积分明细", "helper"))


@pytest.mark.parametrize("wish", ["马克杯", "作者交流"])
def test_what_staff_wish_for_the_owner_sees_to(club: Club, wish: str):
    club.group(staff=("helper",))
    club.member("helper")
    rich(club, "helper")

    (task,) = [line for line in club.say(f"兑换 {wish}", "helper").actions if line.do == "task"]

    assert task.to == "owner"


def test_taking_back_a_reward_without_a_number_is_explained(club: Club):
    assert "撤销 兑换 单号" in told(club.say("撤销 兑换", "boss", mentions_bot=True))


def test_members_take_nothing_back(club: Club):
    club.say("兑换 书店 20 元券")

    assert "群主或管理员" in told(club.say("撤销 兑换 1", mentions_bot=True))
    assert balance(club) == 40


def test_a_pardon_of_a_strike_is_still_one(club: Club):
    assert "没有可以撤销的记录" in told(club.say("撤销 @李四", "boss"))


# Codes that were brought


def bring(club: Club, *brought: str, benefit: str = "card") -> tuple[codes.Wrong, ...]:
    sealed = [
        Sealed(line, VAULT.marks(COMMUNITY, code), VAULT.seal(code), codes.tail_of(code))
        for line, code in enumerate(brought, 1)
    ]
    return code_lists.take_over(club.store, COMMUNITY, benefit, sealed, EVENING)


def test_brought_codes_are_given_in_order_sealed_and_none_is_made_up_after_them(club: Club):
    for each in ("wang.wu", "zhao"):
        club.member(each)
        rich(club, each)
    assert bring(club, "CARD-0001", "CARD-0002") == ()

    outcomes = [club.say("兑换 会员卡", each) for each in ("li", "wang.wu", "zhao")]

    assert "CARD" not in told(outcomes[0])
    assert "CARD-0001" in VAULT.opened(told(outcomes[0]))
    assert "CARD-0002" in VAULT.opened(told(outcomes[1]))
    assert "领完" in told(outcomes[2])
    assert balance(club, "zhao") == 100
    assert [each.tail for each in claims(club)] == ["001", "002"]
    assert all(VAULT.opened(each.code).startswith("CARD") for each in claims(club))


def test_a_list_beside_the_pack_follows_when_those_that_were_brought_are_gone(club: Club):
    bring(club, "X-000001", benefit="coupon")
    given = []
    for each in ("li", "wang.wu", "zhao", "sun"):
        club.member(each)
        if each != "li":
            rich(club, each)
        given.append(VAULT.opened(told(club.say("兑换 书店 20 元券", each))))

    assert ["X-000001" in given[0], "B-0001" in given[1], "B-0002" in given[2]] == [True] * 3
    assert "领完" in given[3]


def test_a_code_is_taken_over_once_for_a_community_and_then_all_or_none(club: Club):
    bring(club, "A-1", "A-2")

    wrong = bring(club, "A-3", "A-2", benefit="coupon")

    assert [(each.line, "card" in each.sentence) for each in wrong] == [(2, True)]
    assert club.store.count(Code, community=COMMUNITY) == 2


def test_a_code_that_somebody_has_in_plain_words_is_named(club: Club):
    club.say("兑换 书店 20 元券")
    listed = [codes.Listed(1, "B-0002"), codes.Listed(2, "B-0001")]

    wrong = code_lists.in_plain_words(club.store, COMMUNITY, "coupon", listed)

    assert [each.line for each in wrong] == [2]


def test_what_waits_for_a_yes_holds_its_code(club: Club):
    club.book = clubs.book(PACK.replace("price: 20,", "price: 20, approve: staff,"))
    club.member("wang.wu")
    rich(club, "wang.wu")
    bring(club, "CARD-0001")

    club.say("兑换 会员卡")

    assert "领完" in told(club.say("兑换 会员卡", "wang.wu"))
    given = answered(club, "approve")
    assert "CARD-0001" in VAULT.opened(given.actions[-1].text)


# Stock


def test_the_owner_is_asked_once_for_more_of_what_goes_fast(club: Club):
    club.member("wang.wu")
    rich(club, "wang.wu")
    first = club.say("兑换 书店 20 元券")
    second = club.say("兑换 书店 20 元券", "wang.wu")

    assert "task" not in kinds(first)
    (task,) = (line for line in second.actions if line.do == "task")
    assert task.to == "owner"
    assert "还剩 0 份" in task.text


def test_help_offers_what_there_is(club: Club):
    assert "兑换" in told(club.say("帮助 积分"))
    club.book = clubs.book()
    assert "兑换" not in told(club.say("帮助 积分"))


@pytest.mark.parametrize("name", ["{{ 7*7 }}" * 2_000, "\u27e6x\u27e7", "'; DROP TABLE", "@全体"])
def test_strange_names_buy_nothing(club: Club, name: str):
    outcome = club.say(f"兑换 {name}")

    assert claims(club) == []
    assert aloud(outcome) == ""


def test_in_private_with_several_groups_only_people_s_work_asks_which(club: Club):
    club.group("g2", title="二群")
    club.member("li", of="g2")

    asked = club.say("兑换 作者交流", group="")
    done = club.say("兑换 会员卡", group="")

    assert "好几个群" in told(asked)
    assert "会员卡" in told(done)
    assert [each.benefit for each in claims(club)] == ["card"]


def test_who_is_in_no_group_gets_nothing(club: Club):
    club.member("stranger", of="")

    assert "群里" in told(club.say("兑换 会员卡", "stranger", group=""))


def test_two_who_both_redeemed_and_are_one_keep_both_and_may_give_either_back(club: Club):
    rich(club, "wang.wu")
    for each in ("li", "wang.wu"):
        club.say("兑换 书店 20 元券", each)
    wang, context = club.person("wang.wu"), club.context(club.message("", "boss"))

    identities.merge(context, club.person("li"), wang)

    assert {each.person for each in claims(club)} == {club.li.id}
    assert balance(club) == 80
    assert "领过" in told(club.say("兑换 书店 20 元券", "wang.wu"))
    club.say("撤销 兑换 2", "boss", mentions_bot=True)
    assert balance(club) == 140
    assert [each.status for each in claims(club)] == ["given", "spoiled"]
    assert sound(club) == []


def test_while_one_waits_for_a_yes_they_may_become_another(club: Club):
    club.say("兑换 马克杯")
    context = club.context(club.message("", "boss"))

    identities.merge(context, club.person("wang.wu"), club.person("li"))
    answered(club, "reject")

    assert balance(club, "wang.wu") == 100
    assert claims(club)[0].status == "refunded"
    assert sound(club) == []


def test_the_proof_sets_claims_against_what_was_paid_and_codes_against_claims(club: Club):
    club.say("兑换 书店 20 元券")
    (found,) = claims(club)
    assert sound(club) == []

    club.store.put(replace(found, status="refunded"))
    assert sound(club) == ["claim 1 of person 2: paid 60, the claim says 0"]
    club.store.put(replace(found, price=50))
    assert sound(club) == ["claim 1 of person 2: paid 60, the claim says 50"]
    club.store.put(replace(found, person=club.person("wang.wu").id))
    assert len(sound(club)) == 2

    club.store.put(found)
    for number, claim in ((1, 1), (2, 1), (3, 7)):
        club.store.put(
            Code(
                community=COMMUNITY, mark=f"m{number}", benefit="coupon", number=number,
                sealed="", lock="", tail="", added_at=0, claim=claim,
            )
        )  # fmt: skip
    assert sound(club) == [
        "code 2 of coupon: claim 1 has code 1 already",
        "code 3 of coupon: given for claim 7, which is none of it",
    ]


def test_what_is_being_prepared_is_asked_for_again_with_the_word_that_was_used(club: Club):
    club.book = clubs.book(PACK, files={})

    assert "再发一次「兑换」" in told(club.say("兑换 书店 20 元券"))


def test_growth_names_what_the_points_are_enough_for(club: Club):
    rich(club, "wang.wu", 20)

    said = told(club.say("成长", sender="wang.wu", group=""))

    assert "分数也够换：作者交流（10 分）、会员卡（20 分）" in said
    assert "马克杯" not in said


def test_who_has_left_is_not_told_that_nobody_has_seen_them(club: Club):
    assert "你现在不在群里" not in told(club.say("兑换 会员卡", "nobody", group=""))
    here = club.store.find(Member, community=COMMUNITY, person=club.li.id)[0]
    club.store.put(replace(here, left_at=EVENING - 1))

    assert "你现在不在群里" in told(club.say("兑换 会员卡", group=""))
