from typing import Any

import pytest

from bot.channels.wecom import errors
from bot.channels.wecom.errors import Fate, Permanent, Retryable, Unknown, WeComError

# Every number of the reference's table "Error codes", and of the appchat section.
DOCUMENTED = [
    *(-1, 40001, 40003, 60111, 46004, 40007, 40008, 40013, 40056, 301002, 40014, 42001, 40031),
    *(40033, 40050, 40058, 40063, 40091, 40096, 84061, 41001, 41048, 41050, 41051, 41096, 41055),
    *(41058, 41063, *range(41068, 41085), 41091, 41093, 41094, 43012, 44001, 44004, 45001, 45002),
    *(45007, 45008, 45009, 45033, 48001, 48002, 48005, 48006, 50002, 50003, 60011, 60021, 60020),
    *(81013, 81017, 82001, 82002, 82003, 84074, 85002, *range(86001, 86009), 86101),
    *(*range(86201, 86225), 90501, 90502, 90507, 90508, 93000, 93004, 93006, 93008, 301007),
    *(301042, 301048, 301052, 301053, 301058, 301059, 846608, 846604, 846605, 846609, 853006),
]


def test_every_documented_number_has_a_fate_and_a_meaning():
    missing = [number for number in DOCUMENTED if number not in errors.CODES]

    assert missing == []
    assert all(row.meaning for row in errors.CODES.values())


@pytest.mark.parametrize(
    ("api", "errcode", "expected"),
    [
        pytest.param("appchat/send", -1, Fate.RETRY_THRICE, id="busy"),
        pytest.param("appchat/send", 45033, Fate.RETRY, id="too many at once"),
        pytest.param("webhook/send", 45009, Fate.WAIT_WINDOW, id="call limit"),
        pytest.param("user/get", 40014, Fate.REFRESH_TOKEN, id="token invalid"),
        pytest.param("user/get", 42001, Fate.REFRESH_TOKEN, id="token expired"),
        pytest.param("gettoken", 40001, Fate.ALARM_CONFIG, id="a wrong secret is not refreshed"),
        pytest.param("appchat/update", 86216, Fate.DROP_MEMBER, id="one unfit member"),
        pytest.param("appchat/create", 86215, Fate.CHECK_CREATED, id="chatid used"),
        pytest.param("appchat/create", 60011, Fate.ALARM_CONFIG, id="the app's scope"),
        pytest.param("user/get", 60011, Fate.GIVE_UP, id="this member's scope only"),
        pytest.param("webhook/send", 93000, Fate.ALARM_CONFIG, id="robot removed"),
        pytest.param("aibot_respond_msg", 846608, Fate.SEND_NEW, id="stream over"),
        pytest.param("appchat/send", 123456, Fate.GIVE_UP, id="in no table"),
    ],
)
def test_the_fate_of_a_number(api: str, errcode: int, expected: Any):
    assert errors.fate(api, errcode) is expected


@pytest.mark.parametrize(
    ("errcode", "kind", "wait_ms"),
    [
        pytest.param(-1, Retryable, 0, id="the caller's backoff"),
        pytest.param(45009, Retryable, 60_000, id="the shortest window"),
        pytest.param(41063, Retryable, 300_000, id="minutes later"),
        pytest.param(85002, Permanent, 0, id="forbidden words"),
        pytest.param(41094, Permanent, 0, id="not before tomorrow"),
    ],
)
def test_a_refusal_becomes_the_exception_of_its_fate(
    errcode: int, kind: type[WeComError], wait_ms: int
):
    refusal = errors.failure("x/y", errcode, "because")

    assert type(refusal) is kind
    assert (refusal.errcode, refusal.wait_ms) == (errcode, wait_ms)
    assert str(errcode) in str(refusal)


@pytest.mark.parametrize(
    ("waited", "expected"),
    [(-1, 60_000), (0, 60_000), (1, 300_000), (2, 3_600_000), (9, 3_600_000)],
)
def test_a_full_window_is_waited_for_longer_each_time(waited: int, expected: Any):
    assert errors.window_ms(waited) == expected


def test_masking_hides_given_secrets_and_secret_parameters_and_keeps_the_hint():
    text = "not allowed\nfrom 10.0.0.1 https://x/y?access_token=AAA&KEY=BBB&chatid=c1 tail-s3cret"

    shown = errors.masked(text, ["s3cret", ""])

    assert (
        shown
        == "not allowed from 10.0.0.1 https://x/y?access_token=***&KEY=***&chatid=c1 tail-***"
    )


def test_masking_keeps_an_error_short():
    assert len(errors.masked("x" * 5000, [])) == 200


@pytest.mark.parametrize(
    ("status", "raw", "kind"),
    [
        pytest.param(500, b"", Retryable, id="server error"),
        pytest.param(503, b'{"errcode":0}', Retryable, id="a 5xx counts more than its body"),
        pytest.param(429, b"", Retryable, id="too many requests"),
        pytest.param(302, b"", Permanent, id="redirect"),
        pytest.param(404, b"", Permanent, id="not found"),
        pytest.param(200, b"<html>", Unknown, id="not JSON"),
        pytest.param(200, b"[" * 100_000, Unknown, id="nested too deep"),
        pytest.param(200, b"[]", Unknown, id="not an object"),
        pytest.param(200, b"{}", Unknown, id="no errcode"),
        pytest.param(200, b'{"errcode":"0"}', Unknown, id="errcode as text"),
        pytest.param(200, b'{"errcode":true}', Unknown, id="errcode as boolean"),
        pytest.param(
            200, b'{"errcode":45009,"errmsg":"m"}', Retryable, id="refusal with HTTP 200"
        ),
        pytest.param(200, b'{"errcode":85002}', Permanent, id="no errmsg"),
    ],
)
def test_reading_an_answer_that_is_no_success(status: Any, raw: bytes, kind: type[WeComError]):
    with pytest.raises(kind):
        errors.understood("x/y", status, raw, [])


def test_a_number_that_only_looks_like_an_error_is_a_success():
    assert errors.understood("x/y", 200, b'{"errcode":6000}', []) == {"errcode": 6000}
