"""The address that is printed."""

import pytest

from bot.serving import origin_of


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080"),
        ("localhost", "http://localhost:8080"),
        ("0.0.0.0", "http://127.0.0.1:8080"),
        ("::", "http://[::1]:8080"),
        ("fe80::1", "http://[fe80::1]:8080"),
    ],
)
def test_who_listens_is_found_under_the_origin_that_is_told(host: str, origin: str):
    assert origin_of(host, 8080) == origin
