"""Which questions are the same in other words, and which only look alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.finding.ranking import ALIKE, kept, likeness, rank, relevance, sought

SAME = [
    ("密码忘了", "忘记密码怎么办"),
    ("登录失败怎么办", "登录不了咋办"),
    ("怎么报名", "怎么报名参加读书会"),
    ("退款", "退款怎么操作"),
    ("怎么报名", "请问如何报名？"),
    ("怎么报名？", "报名怎么弄啊"),
    ("请问怎么报名参加读书会", "读书会如何报名"),
    ("密码多少", "请问密码是多少呀？"),
    ("WiFi密码是多少", "无线网密码多少"),
    ("退款多久到账", "请问退款要多久才能到账？"),
    ("在哪里看回放", "直播录像在哪看"),
    ("什么时候开始", "几点开始？"),
    ("第三课的作业是什么", "第3课作业"),
    ("王老师的课几点开始", "请问王老师的课什么时候开始"),
    ("登录不了怎么办", "登陆不了，咋办"),
    ("積分怎麼兌換", "积分如何兑换"),
    ("发票怎么开", "请问一下如何开发票"),
    ("群主，请问打卡怎么补", "怎么补签到"),
    ("退款", "退款？"),
    ("回放", "求回放"),
    ("忘记密码怎么办", "密码忘了怎么办"),
    ("能不能退款", "请问可以退款吗"),
]

OTHERS = [
    ("怎么报名", "怎么取消报名"),
    ("怎么登录", "登录不了怎么办"),
    ("怎么报名", "什么时候报名"),
    ("第三课的作业是什么", "第五课的作业是什么"),
    ("第3期怎么报名", "第4期怎么报名"),
    ("王老师的课几点开始", "李老师的课几点开始"),
    ("密码多少", "学费多少"),
    ("怎么退款", "怎么付款"),
    ("在哪里看回放", "在哪里交作业"),
    ("怎么修改密码", "怎么修改昵称"),
    ("怎么报名", "怎么退款"),
    ("张三是谁", "李四是谁"),
    ("读书会什么时候开始", "读书会在哪里"),
    ("早上好", "晚上好"),
    ("我能带孩子来吗", "我能带狗来吗"),
    ("第一天读什么", "第二天读什么"),
    ("怎么", "如何弄"),
    ("吗", "呢"),
    ("报名费可以退吗", "报名可以改时间吗"),
    ("三体好看吗", "活着好看吗"),
    ("微信支付怎么绑定", "微信号怎么绑定手机"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_question_in_other_words_is_known(one: str, other: str):
    assert likeness(one, other) >= ALIKE


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_is_the_same_shares_a_term_that_is_looked_for(one: str, other: str):
    assert set(sought(one)) & set(kept(other))
    assert set(sought(other)) & set(kept(one))


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_what_only_looks_alike_is_another_question(one: str, other: str):
    assert likeness(one, other) < ALIKE


def test_the_likest_comes_first_and_of_equals_the_first():
    candidates = [(1, "怎么退款"), (2, "如何报名参加读书会"), (3, "怎么报名"), (4, "如何报名？")]

    assert [key for _, key in rank("请问怎么报名", candidates)] == [3, 4, 2, 1]


@given(st.text(max_size=200), st.text(max_size=200))
def test_likeness_has_bounds_and_no_direction(one: str, other: str):
    found = likeness(one, other)

    assert 0.0 <= found <= 1.0
    assert found == pytest.approx(likeness(other, one))


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("退款", "我想问退款多久到账", 1.0),
        ("退款 Alice", "退款找 alice", 1.0),
        ("退款 发票", "退款找客服", 0.5),
        ("退货款", "退货", 0.5),
        ("报名", "密码", 0.0),
        ("！？", "密码", 0.0),
    ],
)
def test_a_text_is_worth_the_share_of_the_words_it_holds(words: str, text: str, found: float):
    assert relevance(words, text) == found
