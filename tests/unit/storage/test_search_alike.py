"""A search finds the same on both databases, in the same order: what one function ranks."""

from collections.abc import Sequence
from itertools import count, product

from hypothesis import given
from hypothesis import strategies as st

from sop.finding.ranking import kept, rank, sought
from storage.database import Database

ABOUT = (
    "报名", "课程", "第3课", "作业", "WiFi", "密码", "积分", "兑换", "退款", "到账", "快递",
    "打卡", "直播", "回放", "老师", "alice",
)  # fmt: skip
ASKED = ("怎么{}", "{}多久", "请问{}在哪", "为什么{}不了", "{}", "我想问一下{}的事情", "谁能{}")
QUESTIONS = st.builds(
    lambda how, about: how.format("".join(about)),
    st.sampled_from(ASKED),
    st.lists(st.sampled_from(ABOUT), min_size=1, max_size=3),
)
GROUPS = map(str, count())
"""Each corpus in a group of its own."""


def keep(databases: Sequence[Database], texts: Sequence[str]) -> str:
    group = next(GROUPS)
    for database in databases:
        batch = database.batch()
        with batch.event() as store:
            for number, text in enumerate(texts):
                store.index("c", group, number, "q", kept(text))
        batch.commit()
    return group


def fetched(databases: Sequence[Database], group: str, said: str, limit: int) -> list[list[int]]:
    terms = sought(said)
    return [
        database.read(lambda store: list(store.candidates("c", group, "q", terms, limit)))
        for database in databases
    ]


@given(st.lists(QUESTIONS, max_size=30), QUESTIONS)
def test_both_fetch_whatever_holds_a_term_that_is_looked_for(
    both_databases: list[Database], texts: list[str], said: str
):
    group = keep(both_databases, texts)
    terms = set(sought(said))
    held = [number for number, text in enumerate(texts) if terms & set(kept(text))]

    assert fetched(both_databases, group, said, 60) == [held[::-1], held[::-1]]


def test_where_more_hold_a_term_than_are_fetched_both_have_what_is_ranked_first(
    both_databases: list[Database],
):
    texts = [how.format(one + other) for one, other in product(ABOUT, ABOUT) for how in ASKED[:4]]
    group = keep(both_databases, texts)
    for said in ("怎么报名课程", "第3课作业在哪", "WiFi密码", "积分兑换"):
        best, _ = rank(said, enumerate(texts))[0]
        ranked = [
            rank(said, ((number, texts[number]) for number in numbers))[0]
            for numbers in fetched(both_databases, group, said, 60)
        ]

        assert [likeness for likeness, _ in ranked] == [best, best]
