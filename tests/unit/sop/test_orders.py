"""Tables of orders as shops export them."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.activities.orders import AHEAD_MS, MOST_CENTS, read_orders

ZONE = ZoneInfo("Asia/Shanghai")
NOW = 1_801_500_000_000  # 2027-02-02 00:40
NOON = 1_801_368_000_000  # 2027-01-31 12:00 in Shanghai
TABLE = (
    "订单号,买家,手机号,实付金额,付款时间,商品名称,订单状态\n"
    'A1,li.si,13800000000,"¥1,299.00",2027-01-31 12:00:00,精读课,交易成功\n'
    "A2,王五,,9.9元,2027/1/31,,已退款\n"
)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_is_read_with_the_columns_that_are_known(codec: str):
    found = read_orders(TABLE.encode(codec), ZONE, NOW)
    assert found.faults == ()
    first, second = found.orders
    assert (first.order, first.buyer, first.at, first.cents) == ("A1", "li.si", NOON, 129_900)
    assert (first.what, first.refunded) == ("精读课", False)
    assert (second.at, second.cents, second.refunded) == (NOON + 43_199_000, 990, True)


def test_without_a_time_none_is_told():
    (order,) = read_orders(b"order,userid\nA1,li\n", ZONE, NOW).orders
    assert (order.at, order.cents, order.what) == (0, 0, "")


@pytest.mark.parametrize(
    ("time", "hours"),
    [
        ("2027-01-31 12:00:00.0", 0),
        ("2027-01-31T12:00:00Z", 8),
        ("2027-01-31 12:00+09:00", -1),
        ("2027-01-31 12:00:00 -0500", 13),
    ],
)
def test_a_time_may_say_its_zone(time: str, hours: int):
    (order,) = read_orders(f"order,userid,time\nA1,li,{time}\n".encode(), ZONE, NOW).orders
    assert order.at == NOON + hours * 3_600_000


def test_a_day_alone_is_meant_to_its_end_and_today_until_now():
    table = b"order,userid,time\nA1,li,2027-02-01\nA2,li,2027-02-02\n"
    first, second = read_orders(table, ZONE, NOW).orders
    assert (first.at, second.at) == (NOON + 129_599_000, NOW)


def test_numbers_and_buyers_lose_what_spreadsheets_and_strangers_put_around_them():
    table = 'order,userid\n"=""A1""","\u202eli\x1b[31m"\n'
    (order,) = read_orders(table.encode(), ZONE, NOW).orders
    assert (order.order, order.buyer) == ("A1", "li [31m")


@pytest.mark.parametrize("status", ["待付款", "等待买家付款", "未支付"])
def test_what_nobody_has_paid_yet_does_not_count(status: str):
    (order,) = read_orders(f"订单号,买家,状态\nA1,li,{status}\n".encode(), ZONE, NOW).orders
    assert order.refunded


@pytest.mark.parametrize(
    ("table", "line", "said"),
    [
        ("", 1, "empty"),
        ("订单号,金额\nA1,3\n", 1, "buyer"),
        ("买家\nli\n", 1, "order"),
        ("order,userid\nA1,\n", 2, "no buyer"),
        ("order,userid\n,li\n", 2, "no order"),
        ("order,userid,time\nA1,li,yesterday\n", 2, "is no time"),
        ("order,userid,time\nA1,li,2027-02-30\n", 2, "is no time"),
        ("order,userid,amount\nA1,li,-5\n", 2, "is no amount"),
        ("order,userid,amount\nA1,li,free\n", 2, "is no amount"),
        ('order,userid,amount\nA1,li,"1,99"\n', 2, "is no amount"),
        ("order,userid,amount\nA1,li,1e5\n", 2, "is no amount"),
        ("order,userid,amount\nA1,li,99999999999\n", 2, "is no amount"),
        (f"order,userid,amount\nA1,li,{'9' * 900}\n", 2, "is no amount"),
        ("order,userid,time\nA1,li,2027-02-02 10:00\n", 2, "has not come yet"),
        ("order,userid,time\nA1,li,2027-02-03\n", 2, "has not come yet"),
        ("order,userid,time\nA1,li,9999-12-31\n", 2, "has not come yet"),
        ("order,userid,time\nA1,li,0001-01-01\n", 2, "is no time"),
        ("order,userid,time\nA1,li,2027-01-31 10:00 PM\n", 2, "is no time"),
        ("order,userid\n1.23457E+18,li\n", 2, "cut short"),
        ("order,userid,amount\nA1,li,5\nA1,li,3\n", 3, "another amount"),
        ("order,userid\nA1,li\nA1,wang\n", 3, "another buyer"),
        (f"order,userid\n{'A' * 101},li\n", 2, "longer than 100"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line(table: str, line: int, said: str):
    (fault,) = read_orders(table.encode(), ZONE, NOW).faults
    assert fault.line == line
    assert said in fault.message


def test_lines_of_one_order_are_one_that_counts_while_any_of_them_does():
    table = (
        "order,userid,amount,status\nA1,li,5,已退款\nA1,LI,5,\nA2,li,1,已退款\nA2,li,1,已退款\n"
    )
    found = read_orders(table.encode(), ZONE, NOW)
    assert found.faults == ()
    assert [(each.order, each.refunded) for each in found.orders] == [("A1", False), ("A2", True)]


def test_an_amount_is_read_to_its_last_digit():
    table = b"order,userid,amount\nA1,li,00000000000000199\n"
    (order,) = read_orders(table, ZONE, NOW).orders
    assert order.cents == 19_900


CELLS = st.sampled_from(["A1", "A2", "li", "2027-01-31", "9.9", "-1", "=1", '"', "\n", "\t", ""])
ROWS = st.lists(st.tuples(*[CELLS | st.text(max_size=12)] * 5), max_size=8)


@given(st.binary(max_size=200) | ROWS.map(lambda rows: "\n".join(map(",".join, rows)).encode()))
def test_whatever_a_table_holds_what_is_taken_of_it_could_have_happened(body: bytes):
    for data in (body, "订单号,买家,时间,金额,状态\n".encode() + body):
        found = read_orders(data, ZONE, NOW)
        numbers = [each.order for each in found.orders]
        assert len(numbers) == len(set(numbers))
        for each in found.orders:
            assert each.order
            assert each.buyer.isprintable()
            assert 0 <= each.cents <= MOST_CENTS
            assert 0 <= each.at <= NOW + AHEAD_MS
