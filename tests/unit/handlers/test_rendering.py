"""The operator's texts filled in, group reports, and what a binding has its own way."""

from dataclasses import replace
from datetime import date

import pytest

from handlers import overrides
from handlers.figures import making, telling
from handlers.links import short_links
from handlers.ports import Context
from handlers.posting import rendering
from sop.model import BOT, Message
from sop.times.durations import Span
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.lives import DAY, HOUR, Life, life

PACK = """
quiet: "22:30-07:30"
texts: {value: "一起读书，{{ say('领取') }}"}
links: {form: "https://example.com/f"}
rules: {charter: 友善待人}
score: {earn: {message: {points: 1}}}
"""


def people_of(club: Life, **scores: int) -> None:
    with club.acting() as context:
        for name, score in scores.items():
            person = rendering.people.person_of(context.store, COMMUNITY, name, name.title())
            context.store.put(replace(person, score=score, unranked=name == "shy"))


def rendered(context: Context, template: str, *, group: bool = True) -> str:
    return rendering.render(context, template, context.group if group else None)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{{ group.name }}", "晨读一群"), ("{{ texts.value }}", "一起读书，发「领取」"),
        ("{{ rules.charter }}", "友善待人"), ("{{ link('form') }}", "https://example.com/f"),
        ("{{ top(2) }}", "Bob、Amy"), ("{{ top() }}", "Bob、Amy、Cat"), ("一句话", "一句话"),
    ],
)  # fmt: skip
def test_a_template_names_what_the_format_promises(template: str, words: str):
    with life(PACK) as club:
        people_of(club, amy=5, bob=9, cat=1, shy=99, zero=0, minus=-3)
        with club.acting() as context:
            assert rendered(context, template) == words


def test_members_are_named_alone_and_together():
    with life(PACK) as club, club.acting() as context:
        amy, bob = builders.person(1, name="Amy"), builders.person(2)
        words = "{{ member.name }}｜{{ members }}"

        assert rendering.render(context, words, context.group, person=amy) == "Amy｜Amy"
        both = rendering.render(context, "{{ members }}", context.group, joined=[amy, bob])
        assert both == "Amy、成员 02"


def test_outside_a_group_the_community_is_named():
    with life(PACK) as club, club.acting(group_id="") as context:
        assert rendered(context, "{{ group.name }}", group=False) == "书友会"
        assert rendered(context, "{{ say('领取') }}", group=False) == "私信我「领取」"


@pytest.mark.parametrize(
    ("channels", "bot", "words"),
    [
        ({"sandbox": "s"}, "晨晨", "发「领取」"), ({"aibot": "b"}, "晨晨", "@晨晨 发「领取」"),
        ({"aibot": "b"}, "", "@我 发「领取」"), ({"webhook": "w"}, "晨晨", "私信我「领取」"),
        ({"appchat": "a", "robot": "r"}, "晨晨", "@晨晨 发「领取」"),
    ],
)  # fmt: skip
def test_a_member_is_told_what_they_must_really_do_to_be_heard(
    channels: dict[str, str], bot: str, words: str
):
    bound = builders.group(channels=channels)
    with life(PACK, groups=[bound], bot_name=bot) as club, club.acting() as context:
        assert rendering.say_words(context, context.group, "领取") == words


@pytest.mark.parametrize(
    ("channels", "said", "words"),
    [
        ({"sandbox": "s"}, "我是…", "到「晨读一群」发「我是…」"),
        ({"link": "l", "app": "a"}, "我是…", "到「晨读一群」@晨晨 发「我是…」"),
        ({"sandbox": "s"}, "领取", "发「领取」"), ({"webhook": "w"}, "我是…", "发「我是…」"),
    ],
)  # fmt: skip
def test_who_reads_it_in_private_is_sent_to_where_they_are_heard(
    channels: dict[str, str], said: str, words: str
):
    bound = builders.group(channels=channels)
    with life(PACK, groups=[bound], bot_name="晨晨") as club, club.acting() as context:
        template = f"{{{{ say('{said}') }}}}"

        assert rendering.render(context, template, context.group, aside=True) == words


def test_a_link_leads_to_an_address_or_a_benefit_that_is_one():
    pack = PACK + (
        "benefits: [{id: class, title: 课, kind: link, value: 'https://example.com/c'},"
        " {id: book, title: 书, kind: file, value: week.pdf}]\n"
    )
    with life(pack) as club, club.acting() as context:
        found = [
            short_links.address(context.book.pack, name) for name in ("form", "class", "book")
        ]

        assert found == ["https://example.com/f", "https://example.com/c", ""]


def test_a_report_counts_what_members_said_in_its_period():
    with life(PACK) as club:
        for sender in ("amy", "amy", "bob", "amy"):
            club.now += HOUR
            club.say(f"今天读到 {club.now}", sender, name=sender.title())
        club.now += DAY
        club.say("又是新的一天", "bob")
        with club.acting() as context:
            context.store.put(
                Message(
                    community=COMMUNITY, id=99, group=GROUP, person=BOT, at=club.now,
                    message_id="bot:1", text="早", fingerprint="f",
                )
            )  # fmt: skip
        with club.acting() as context:
            group = context.group
            assert group is not None
            daily, weekly = (
                telling.for_group(making.report(context, group, kind))
                for kind in ("daily", "weekly")
            )

        assert daily == "今日小结：1 位伙伴发言 1 条。近期贡献靠前的是 Amy、Bob，谢谢大家！"
        assert weekly.startswith("本周小结：2 位伙伴发言 5 条。")


def test_a_group_that_talks_is_not_called_quiet_where_nothing_earns_points():
    with life("") as club:
        club.say("今天读完了第三章", "amy")
        with club.acting() as context:
            assert telling.for_group(making.report(context, context.group, "weekly")) == (
                "本周小结：1 位伙伴发言 1 条。谢谢大家！"
            )


def test_a_report_says_what_it_could_not_hear_and_makes_nothing_up():
    with life(PACK, groups=[builders.group(channels={"aibot": "b"})]) as club:
        with club.acting() as context:
            group = context.group
            assert group is not None
            assert "安静" not in telling.for_group(making.report(context, group, "weekly"))
        club.say("今天读完了第三章")
        with club.acting() as context:
            found = making.report(context, context.group, "weekly")
            assert "只听得到 @我 的消息" in telling.for_group(found)


def test_a_binding_may_have_its_own_quiet_hours_and_days():
    with life(PACK) as club, club.acting() as context:
        own = builders.group(
            override={"quiet": "23:00-07:00", "skip": ("2027-02-05..2027-02-12",)}
        )

        assert overrides.quiet_of(context, own) == Span(start_minute=1380, end_minute=420)
        assert overrides.quiet_of(context, builders.group()) == context.book.pack.quiet
        days = [date(2027, 2, 4), date(2027, 2, 5), date(2027, 2, 12), date(2027, 2, 13)]
        assert [overrides.skipped(context, own, day) for day in days] == [False, True, True, False]
        assert not overrides.skipped(context, builders.group(), days[1])
        assert club.now == EVENING
