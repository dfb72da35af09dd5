import io
import logging
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import logs

log = logging.getLogger("qunyun.test")


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger("aiohttp.access").setLevel(logging.NOTSET)


def written(level: str = "INFO", *, secrets: tuple[str, ...] = ()) -> io.StringIO:
    stream = io.StringIO()
    logs.set_up(level, secrets=secrets, stream=stream)
    return stream


def fail(text: str) -> None:
    try:
        int(text)
    except ValueError as error:
        raise KeyError(text) from error


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        pytest.param("GET /x?access_token=abc&a=1", "GET /x?access_token=***&a=1", id="a token"),
        pytest.param("webhook/send?key=693a-91", "webhook/send?key=***", id="a robot's key"),
        pytest.param("corpid=ww&corpsecret=abc", "corpid=ww&corpsecret=***", id="corpsecret"),
        pytest.param('{"secret": "a b", "x": 1}', '{"secret": ***, "x": 1}', id="JSON"),
        pytest.param("{'password': 'a b'}", "{'password': ***}", id="a dict of Python's"),
        pytest.param(
            '\\"access_token\\":\\"a\\",1', '\\"access_token\\":***,1', id="JSON in JSON"
        ),
        pytest.param("ROBOT_KEY_ALPHA=abc", "ROBOT_KEY_ALPHA=***", id="a variable's name"),
        pytest.param("WECOM_APP_AES_KEY=abc", "WECOM_APP_AES_KEY=***", id="an AES key"),
        pytest.param("EncodingAESKey: abc", "EncodingAESKey: ***", id="as WeCom's page names it"),
        pytest.param("?msg_signature=ab&nonce=1", "?msg_signature=***&nonce=1", id="a signature"),
        pytest.param("&echostr=ab%3D", "&echostr=***", id="an echostr"),
        pytest.param("ACCESS_TOKEN=abc", "ACCESS_TOKEN=***", id="capitals"),
        pytest.param("Authorization: Bearer a.b-c", "Authorization: Bearer ***", id="bearer"),
        pytest.param("postgresql://u:p@h/d", "postgresql://***@h/d", id="a URL's password"),
        pytest.param("monkey=banana", "monkey=banana", id="a word that only ends in key"),
        pytest.param("errcode=40014 invalid token", "errcode=40014 invalid token", id="an error"),
        pytest.param("a key is missing", "a key is missing", id="talk about keys"),
        pytest.param("https://h/a@b", "https://h/a@b", id="an @ in a path"),
    ],
)
def test_what_looks_like_a_secret_is_masked(text: str, masked: str) -> None:
    assert logs.mask(text) == masked


@given(st.text(), st.text("abcdefgh0123456789-_", min_size=1))
def test_a_token_in_a_url_never_survives(before: str, token: str) -> None:
    assert logs.mask(f"{before}?access_token=T{token}&x").endswith("?access_token=***&x")


@pytest.mark.parametrize("secret", ["correct-horse", 'with "quotes"', "a/b+c=d!", "秘密密码一二"])
@pytest.mark.parametrize("form", ["{}", "said {}!", "/x?y={}"])
def test_a_known_secret_is_masked_wherever_it_stands(secret: str, form: str) -> None:
    stream = written(secrets=("other-secret", secret))
    log.info(form.format(secret))
    log.info("%s", form.format(quote(secret, safe="")))

    assert stream.getvalue().count(logs.MASK) == 2


def test_of_two_secrets_the_longer_one_is_masked_whole() -> None:
    stream = written(secrets=("secret", "secret-and-more"))
    log.info("it is secret-and-more")

    assert 'message="it is ***"' in stream.getvalue()


DONE = logs.EventLine(
    event="aibot:m-8841",
    kind="MessageReceived",
    community="reading",
    group="",
    route="judge,credit",
    outcome="done",
    duration_ms=3.14159,
)


def test_an_event_is_one_line_with_stable_keys() -> None:
    stream = written()
    logs.event_lines([DONE])
    at, line = stream.getvalue().split(" ", 1)

    assert at.startswith("at=20")
    assert at.endswith("+00:00")
    assert line == (
        "level=INFO logger=qunyun.event message=event event=aibot:m-8841 kind=MessageReceived"
        ' community=reading group="" route=judge,credit outcome=done duration_ms=3.1\n'
    )


def test_what_a_record_is_given_besides_its_message_is_on_its_line() -> None:
    stream = written(secrets=("secret-key",))
    log.info("refused", extra={"surface": "aibot", "status": 403, "reason": "no secret-key"})

    assert stream.getvalue().endswith('message=refused surface=aibot status=403 reason="no ***"\n')


@pytest.mark.parametrize(("outcome", "shown"), [("done", 0), ("repeat", 0), ("dead", 1)])
def test_only_a_dead_event_is_an_error(outcome: str, shown: int) -> None:
    stream = written("ERROR")
    logs.event_lines([DONE._replace(outcome=outcome)])

    assert stream.getvalue().count("\n") == shown


def test_a_batch_is_a_line_for_each_event_and_masked_as_a_whole() -> None:
    stream = written(secrets=("secret-key",))
    logs.event_lines(
        [DONE, DONE._replace(event="a\nb", outcome="dead"), DONE._replace(event="secret-key")]
    )
    lines = stream.getvalue().splitlines()

    assert [line.split()[1] for line in lines] == ["level=ERROR", "level=INFO", "level=INFO"]
    assert [line.split()[4] for line in lines] == [
        'event="a\\nb"', "event=aibot:m-8841", "event=***",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("早安", "早安", id="Chinese as it is"),
        pytest.param("a b", '"a b"', id="a blank"),
        pytest.param("a=b", '"a=b"', id="a sign of assignment"),
        pytest.param('a"b\\', '"a\\"b\\\\"', id="quotes and backslash"),
        pytest.param("a\nlevel=ERROR", '"a\\nlevel=ERROR"', id="a forged line"),
        pytest.param("a\u2028b\x1b[31m", '"a\\u2028b\\x1b[31m"', id="separators and colours"),
        pytest.param("\ud800", '"\\ud800"', id="a lone surrogate"),
        pytest.param("", '""', id="nothing"),
    ],
)
def test_a_value_cannot_leave_its_place(value: str, shown: str) -> None:
    stream = written()
    log.info("%s", value)

    assert stream.getvalue().endswith(f"message={shown}\n")


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_every_record_is_exactly_one_printable_line(text: str) -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s", (text,), None)

    assert logs.LineFormatter().format(record).isprintable()


def test_an_error_is_told_without_the_text_it_quotes() -> None:
    stream = written()
    try:
        fail("a member's words")
    except KeyError:
        log.exception("it failed")

    assert 'error="KeyError < ValueError"' in stream.getvalue()
    assert "test_logs.py" in stream.getvalue()
    assert "fail" in stream.getvalue()
    assert "member's words" not in stream.getvalue()


def test_at_debug_an_error_is_told_with_its_text() -> None:
    stream = written("DEBUG")
    try:
        fail("a member's words")
    except KeyError:
        log.exception("it failed")

    assert "member's words" in stream.getvalue()


def test_what_the_operating_system_says_is_told_at_every_level() -> None:
    stream = written("ERROR")
    try:
        Path("/no/such/file").read_bytes()
    except OSError:
        log.exception("it failed")

    assert "No such file or directory" in stream.getvalue()


def test_a_level_hides_what_is_below_and_a_second_set_up_replaces_the_first() -> None:
    first, second = written("INFO"), written("WARNING")
    log.info("quiet")
    log.warning("loud")
    logging.getLogger("aiohttp.access").info("GET /callback/app?echostr=x")

    assert first.getvalue() == ""
    assert second.getvalue().count("\n") == 1
    assert "loud" in second.getvalue()
