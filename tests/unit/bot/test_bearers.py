"""Who holds the token gets in; who guesses waits; proxies are believed as far as trusted."""

import ipaddress

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.web.addresses import caller
from bot.web.bearers import ADDRESSES, WAIT_MS, WRONG, Doorkeeper

TOKEN = "0123456789abcdef" * 2
RIGHT = f"Bearer {TOKEN}"
PROXY = (ipaddress.ip_network("127.0.0.0/8"),)


class Time:
    def __init__(self) -> None:
        self.ms = 1_000_000

    def now(self) -> int:
        return self.ms


@pytest.mark.parametrize("given", [RIGHT, f"bearer {TOKEN}", f"BEARER  {TOKEN} "])
def test_the_token_is_admitted_however_its_scheme_is_written(given: str) -> None:
    assert Doorkeeper(TOKEN, Time().now).admits("a", given)


@pytest.mark.parametrize(
    "given", ["", TOKEN, "Bearer ", f"Basic {TOKEN}", RIGHT[:-1], f"{RIGHT}0", "Bearer \udcff字"]
)
def test_anything_else_is_not_admitted(given: str) -> None:
    assert not Doorkeeper(TOKEN, Time().now).admits("a", given)


def test_who_guesses_waits_and_nobody_else_does() -> None:
    time = Time()
    keeper = Doorkeeper(TOKEN, time.now)
    for _ in range(WRONG):
        assert keeper.wait_s("a") == 0
        keeper.admits("a", "Bearer x")

    assert keeper.wait_s("a") == WAIT_MS // 1_000
    assert keeper.wait_s("b") == 0
    time.ms += WAIT_MS
    assert keeper.wait_s("a") == 0
    keeper.admits("a", "Bearer x")
    assert keeper.wait_s("a") == 0


def test_the_token_clears_what_was_wrong_before() -> None:
    keeper = Doorkeeper(TOKEN, Time().now)
    for _ in range(WRONG - 1):
        keeper.admits("a", "Bearer x")
    assert keeper.admits("a", RIGHT)
    keeper.admits("a", "Bearer x")
    assert keeper.wait_s("a") == 0


def test_only_so_many_addresses_are_remembered() -> None:
    keeper = Doorkeeper(TOKEN, Time().now)
    for number in range(ADDRESSES + 5):
        keeper.admits(str(number), "Bearer x")

    assert len(keeper._wrong) == ADDRESSES


@pytest.mark.parametrize(
    ("remote", "forwarded", "seen"),
    [
        pytest.param("1.2.3.4", "9.9.9.9", "1.2.3.4", id="not a proxy: not believed"),
        pytest.param("127.0.0.1", "", "127.0.0.1", id="a proxy that says nothing"),
        pytest.param("127.0.0.1", "9.9.9.9, 1.2.3.4", "1.2.3.4", id="only what the proxy wrote"),
        pytest.param("127.0.0.1", "1.2.3.4, 127.0.0.2", "1.2.3.4", id="a chain of proxies"),
        pytest.param("127.0.0.1", "<x>", "127.0.0.1", id="no address"),
        pytest.param("127.0.0.1", "::ffff:1.2.3.4", "1.2.3.4", id="IPv4 in IPv6"),
        pytest.param("2001:db8::1:2", "", "2001:db8::/64", id="IPv6: the network"),
    ],
)
def test_a_caller_is_who_trusted_proxies_say(remote: str, forwarded: str, seen: str) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = make_mocked_request("GET", "/", headers).clone(remote=remote)

    assert caller(request, PROXY) == seen
