"""Tables of orders as shops export them."""

from zoneinfo import ZoneInfo

import pytest

from sop.activities.orders import read_orders

ZONE = ZoneInfo("Asia/Shanghai")
NOW = 1_800_000_000_000
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


def test_without_a_time_an_order_is_of_now():
    (order,) = read_orders(b"order,userid\nA1,li\n", ZONE, NOW).orders
    assert (order.at, order.cents, order.what) == (NOW, 0, "")


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
        ("order,userid\nA1,li\nA1,wang\n", 3, "another buyer"),
        (f"order,userid\n{'A' * 101},li\n", 2, "longer than 100"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line(table: str, line: int, said: str):
    (fault,) = read_orders(table.encode(), ZONE, NOW).faults
    assert fault.line == line
    assert said in fault.message


def test_lines_of_one_order_are_one():
    table = "order,userid,amount\nA1,li,5\nA1,li,5\n"
    assert read_orders(table.encode(), ZONE, NOW).faults == ()
