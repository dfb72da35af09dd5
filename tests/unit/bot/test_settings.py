import dataclasses
import ipaddress
import itertools
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.setting_families import CREDENTIALS
from bot.settings import Settings, SettingsError, load_settings

EXAMPLE = Path(__file__).parents[3] / "config.example.env"
ASSIGNMENT = re.compile(r"^#?([A-Z_]+)=(.*)$", re.MULTILINE)
KEY = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP0"
OWN = {"ADMIN_PASSWORD": "correct horse", "SESSION_SECRET": "battery staple"}
LINK = {"WECOM_AIBOT_ID": "aibX", "WECOM_AIBOT_SECRET": "s3cr3t-link"}
AIBOT = {"WECOM_AIBOT_TOKEN": "tok", "WECOM_AIBOT_AES_KEY": KEY}
APP = {"WECOM_CORP_ID": "wwX", "WECOM_APP_AGENT_ID": "1000002", "WECOM_APP_SECRET": "s3cr3t-app"}
APP_CALLBACK = {"WECOM_APP_TOKEN": "tok", "WECOM_APP_AES_KEY": KEY}
ROBOT = {"WECOM_ROBOT_TOKEN": "tok", "WECOM_ROBOT_AES_KEY": KEY}


def problems(environ: dict[str, str], env_file: Path | None = None) -> dict[str, str]:
    """The problems by key, without where the value came from."""
    with pytest.raises(SettingsError) as caught:
        load_settings(environ, env_file)
    assert all(
        f"{key}: {sentence}" in str(caught.value) for key, sentence in caught.value.problems
    )
    return {key.split(" (")[0]: sentence for key, sentence in caught.value.problems}


def written(folder: Path, text: str) -> Path:
    file = folder / ".env"
    file.write_bytes(text.encode())
    return file


def test_nothing_set_is_the_sandbox_with_every_default() -> None:
    settings = load_settings({}, None)

    assert settings == Settings()
    assert settings.sandbox
    assert settings.hears == ()
    assert (settings.host, settings.port, settings.tz.key) == ("127.0.0.1", 8080, "Asia/Shanghai")
    assert settings.database_url == "sqlite:///data/qunyun.db"
    assert settings.sop_dir == Path("data/sop")


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        pytest.param("HOST", "0.0.0.0", "0.0.0.0", id="every address"),
        pytest.param("HOST", "::1", "::1", id="an IPv6 address"),
        pytest.param("HOST", "localhost", "localhost", id="a name"),
        pytest.param("PORT", "0", 0, id="any free port"),
        pytest.param("PORT", "65535", 65535, id="the last port"),
        pytest.param("PORT", " 80 ", 80, id="blanks around"),
        pytest.param(
            "PUBLIC_URL", "https://Bot.Example.com/", "https://bot.example.com", id="slash"
        ),
        pytest.param("PUBLIC_URL", "http://[::1]:8080", "http://[::1]:8080", id="IPv6 and port"),
        pytest.param(
            "TRUSTED_PROXIES",
            "127.0.0.1, fd00::/8",
            (ipaddress.ip_network("127.0.0.1/32"), ipaddress.ip_network("fd00::/8")),
            id="an address and a network",
        ),
        pytest.param("DATABASE_URL", "sqlite:///x.db", "sqlite:///x.db", id="a relative file"),
        pytest.param(
            "DATABASE_URL", "sqlite:////v/x.db", "sqlite:////v/x.db", id="an absolute file"
        ),
        pytest.param("SOP_DIR", "/no/such", Path("/no/such"), id="a folder still to be made"),
        pytest.param("DATA_DIR", "/", Path("/"), id="a folder that is there"),
        pytest.param("TZ", "Europe/London", ZoneInfo("Europe/London"), id="a zone"),
        pytest.param("LOG_LEVEL", "debug", "DEBUG", id="a level in small letters"),
        pytest.param("BOT_NAME", "小 运", "小 运", id="a Chinese name with a blank"),
        pytest.param("RETAIN_TEXT_DAYS", "1", 1, id="one day"),
        pytest.param("WECOM_API_BASE", "http://127.0.0.1:9", "http://127.0.0.1:9", id="a fake"),
        pytest.param(
            "WECOM_API_BASE", "http://fake_api", "http://fake_api", id="a container's name"
        ),
        pytest.param("WECOM_AIBOT_WS", "ws://h:9/link", "ws://h:9/link", id="a plain socket"),
    ],
)
def test_a_good_value_is_read_into_its_type(key: str, text: str, value: object) -> None:
    assert getattr(load_settings({key: text}, None), key.lower()) == value


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        pytest.param("HOST", "1.2.3", "address or name", id="half an address"),
        pytest.param("HOST", "http://x", "address or name", id="a URL as host"),
        pytest.param("PORT", "65536", "0 (any free port) to 65535", id="above the last port"),
        pytest.param("PORT", "-1", "whole number", id="a negative port"),
        pytest.param("PORT", "80a", "whole number", id="a port with a letter"),
        pytest.param("PORT", "８０８０", "whole number", id="full-width digits"),
        pytest.param("PUBLIC_URL", "bot.example.com", "http:// or https://", id="no scheme"),
        pytest.param("PUBLIC_URL", "ftp://x", "http:// or https://", id="another scheme"),
        pytest.param("PUBLIC_URL", "https://x/path", "without a path", id="a path"),
        pytest.param("PUBLIC_URL", "https://x?q", "without a path", id="a query"),
        pytest.param("PUBLIC_URL", "https://u:p@x", "http:// or https://", id="a user in it"),
        pytest.param("PUBLIC_URL", "https://", "http:// or https://", id="no name"),
        pytest.param("PUBLIC_URL", "https://x:99999", "http:// or https://", id="no such port"),
        pytest.param("PUBLIC_URL", "https://[::1", "http:// or https://", id="half a bracket"),
        pytest.param("TRUSTED_PROXIES", "10.0.0.1/8", "10.0.0.0/8", id="bits beyond the mask"),
        pytest.param("TRUSTED_PROXIES", "10.0.0.0/8,", "with commas", id="an empty part"),
        pytest.param("DATABASE_URL", "mysql://x/y", "sqlite:///", id="another database"),
        pytest.param("DATABASE_URL", "sqlite://", "path of a file", id="no file"),
        pytest.param("DATABASE_URL", "sqlite:///", "path of a file", id="an empty path"),
        pytest.param("DATABASE_URL", "sqlite:///:memory:", "path of a file", id="only memory"),
        pytest.param("DATABASE_URL", "postgresql://u:p@h", "a database's name", id="no database"),
        pytest.param("DATABASE_URL", "postgresql:///d", "a server", id="no server"),
        pytest.param("BROKER_URL", "nats://h:4222", "comes later", id="a broker"),
        pytest.param("DATA_DIR", __file__, "a folder", id="a file as folder"),
        pytest.param("TZ", "Asia/Shanghia", "Did you mean Asia/Shanghai?", id="a slip in a zone"),
        pytest.param("TZ", "../../etc/passwd", "time zone", id="a path as zone"),
        pytest.param("TZ", "Asia", "time zone", id="half a zone"),
        pytest.param("LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING or ERROR", id="no such level"),
        pytest.param("RETAIN_TEXT_DAYS", "0", "from 1 to 36500", id="no day"),
        pytest.param("RETAIN_TEXT_DAYS", "36501", "from 1 to 36500", id="beyond a century"),
        pytest.param("WECOM_API_BASE", "https://x/cgi-bin", "Leave out /cgi-bin", id="cgi-bin"),
        pytest.param("WECOM_AIBOT_WS", "https://x", "ws:// or wss://", id="no socket"),
        pytest.param("WECOM_APP_AGENT_ID", "0", "AgentId", id="agent 0"),
        pytest.param("WECOM_APP_AGENT_ID", "1e6", "AgentId", id="no whole agent id"),
        pytest.param("WECOM_APP_AES_KEY", KEY[:-1], "43 characters", id="42 characters"),
        pytest.param("WECOM_AIBOT_AES_KEY", KEY + "=", "43 characters", id="44 characters"),
        pytest.param("WECOM_ROBOT_AES_KEY", KEY[:-1] + "-", "43 characters", id="URL-safe base64"),
        pytest.param("WECOM_APP_SECRET", "a b", "without blanks", id="a blank in a secret"),
        pytest.param("WECOM_CORP_ID", "ｗｗ", "without blanks", id="full-width letters"),
        pytest.param("WECOM_ARCHIVE_SECRET", "s", "comes later", id="the archive's secret"),
        pytest.param("WECOM_ARCHIVE_KEYS", "k", "comes later", id="the archive's keys"),
        pytest.param("WECOM_ARCHIVE_SDK", "/lib", "comes later", id="the archive's library"),
        pytest.param("ADMIN_PASSWORD", "", "is empty", id="empty"),
        pytest.param("BOT_NAME", "  ", "is empty", id="only blanks"),
        pytest.param("ADMIN_PASSWORD", "changeme", "placeholder", id="changeme"),
        pytest.param("SESSION_SECRET", "Change-Me", "placeholder", id="Change-Me"),
        pytest.param("WECOM_CORP_ID", "<corp id>", "placeholder", id="angle brackets"),
        pytest.param("BOT_NAME", "a\nb", "cannot be seen", id="two lines"),
        pytest.param("ADMIN_PASSWORD", "a\udcff", "cannot be seen", id="bytes that are no text"),
        pytest.param("ROBOT_KEY_ALPHA", "<key>", "placeholder", id="a robot's placeholder"),
        pytest.param("ROBOT_KEY_ALPHA", "", "is empty", id="an empty robot key"),
    ],
)
def test_a_bad_value_is_told_with_what_would_be_right(key: str, text: str, said: str) -> None:
    assert said in problems({key: text})[key]


@pytest.mark.parametrize("last", "048AEIMQUYcgkosw159")
def test_an_aes_key_with_spare_bits_is_as_good_as_one_without(last: str) -> None:
    settings = load_settings({**OWN, **ROBOT, "WECOM_ROBOT_AES_KEY": KEY[:-1] + last}, None)

    assert settings.wecom_robot_aes_key == KEY[:-1] + last


@pytest.mark.parametrize(
    ("given", "hears"),
    [
        pytest.param(LINK, ("link",), id="the long connection alone"),
        pytest.param(AIBOT, ("aibot",), id="the AI bot's callback alone"),
        pytest.param(APP | APP_CALLBACK, ("app",), id="an app with its callback"),
        pytest.param(ROBOT, ("robot",), id="a robot"),
        pytest.param(APP | LINK, ("link",), id="an app that only sends, beside a bot that hears"),
        pytest.param(APP | APP_CALLBACK | AIBOT | ROBOT, ("app", "aibot", "robot"), id="all"),
    ],
)
def test_whole_families_are_the_real_wecom(given: dict[str, str], hears: tuple[str, ...]) -> None:
    settings = load_settings(OWN | given, None)

    assert not settings.sandbox
    assert settings.hears == hears


@pytest.mark.parametrize("family", [LINK, AIBOT, APP | APP_CALLBACK, ROBOT])
def test_a_family_without_one_of_its_members_is_told(family: dict[str, str]) -> None:
    for left_out in family:
        given = {key: value for key, value in family.items() if key != left_out}

        assert set(problems(OWN | given)) == {left_out}
        assert "is missing" in problems(OWN | given)[left_out]


@pytest.mark.parametrize("key", CREDENTIALS)
def test_any_credential_alone_asks_for_a_password_and_a_session_secret(key: str) -> None:
    assert {"ADMIN_PASSWORD", "SESSION_SECRET"} <= problems({key: "1"}).keys()


def test_an_app_that_only_sends_does_not_hear() -> None:
    assert "lets the bot hear" in problems(OWN | APP)["WECOM_*"]


@pytest.mark.parametrize("given", [LINK | AIBOT, {**LINK, "WECOM_AIBOT_TOKEN": "tok"}])
def test_the_two_modes_of_an_ai_bot_exclude_each_other(given: dict[str, str]) -> None:
    told = problems(OWN | given)

    assert "keep one pair" in told["WECOM_AIBOT_ID and WECOM_AIBOT_SECRET"]


def test_addresses_alone_do_not_leave_the_sandbox() -> None:
    given = {"WECOM_API_BASE": "http://x", "WECOM_AIBOT_WS": "ws://x", "ROBOT_KEY_A": "k"}

    assert load_settings(given, None).sandbox


def test_all_problems_are_told_at_once_and_no_value_is_repeated() -> None:
    given = {
        "PORT": "hunter2-port",
        "DATABASE_URL": "postgresql://u:hunter2@h:port/d",
        "PUBLIC_URL": "https://u:hunter2@h:port",
        "TZ": "hunter2",
        "WECOM_APP_AES_KEY": "hunter2",
        "TRUSTED_PROXIES": "hunter2",
    }
    with pytest.raises(SettingsError) as caught:
        load_settings(given, None)

    assert all(key in str(caught.value) for key in given)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_repr_shows_no_secret_and_secrets_lists_every_one() -> None:
    real = OWN | APP | APP_CALLBACK | LINK | ROBOT | {"ROBOT_KEY_A": "robot-key-a"}
    settings = load_settings(real, None)
    hidden = set(real.values()) - {"wwX", "1000002", "aibX"}

    assert settings.secrets == hidden
    assert not any(secret in repr(settings) for secret in hidden)
    assert "wwX" in repr(settings)


def test_the_folder_of_the_data_moves_database_and_packs() -> None:
    settings = load_settings({"DATA_DIR": "/var/lib/qunyun"}, None)

    assert settings.database_url == "sqlite:////var/lib/qunyun/qunyun.db"
    assert settings.sop_dir == Path("/var/lib/qunyun/sop")


def test_the_process_wins_over_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, "PORT=1\nHOST=::1\n")
    settings = load_settings({"PORT": "2"}, file)

    assert (settings.port, settings.host) == (2, "::1")


def test_the_process_may_hold_any_other_variable() -> None:
    assert load_settings({"PATH": "", "PROT": "x", "WECOM_FOO": "x"}, None) == Settings()


@pytest.mark.parametrize(
    ("text", "password"),
    [
        pytest.param("ADMIN_PASSWORD=a$b${HOME}", "a$b${HOME}", id="a dollar stays"),
        pytest.param("\ufeffADMIN_PASSWORD=x\r\n", "x", id="Windows: BOM and CR LF"),
        pytest.param("export ADMIN_PASSWORD='a #b'  # why", "a #b", id="shell quotes"),
        pytest.param("ADMIN_PASSWORD=old\nADMIN_PASSWORD=new", "new", id="the last line counts"),
    ],
)
def test_a_file_is_read_as_dotenv_writes_it(tmp_path: Path, text: str, password: str) -> None:
    assert load_settings({}, written(tmp_path, text)).admin_password == password


@pytest.mark.parametrize(
    ("line", "key", "said"),
    [
        pytest.param("PROT=80", "PROT", "did you mean PORT?", id="letters swapped"),
        pytest.param("port=80", "port", "did you mean PORT?", id="small letters"),
        pytest.param(
            "ADMIN_PASWORD=x", "ADMIN_PASWORD", "mean ADMIN_PASSWORD?", id="one left out"
        ),
        pytest.param("WECOM_APP_SECERT=x", "WECOM_APP_SECERT", "WECOM_APP_SECRET?", id="wecom"),
        pytest.param("WECOM_FOO=x", "WECOM_FOO", "remove the line", id="no such WECOM_"),
        pytest.param("ROBOT_KEY_=x", "ROBOT_KEY_", "remove the line", id="a robot without name"),
    ],
)
def test_a_slip_in_the_file_is_told(tmp_path: Path, line: str, key: str, said: str) -> None:
    assert said in problems({}, written(tmp_path, line))[key]


def test_what_is_far_from_every_setting_belongs_to_somebody_else(tmp_path: Path) -> None:
    assert load_settings({}, written(tmp_path, "HTTP_PROXY=x\nHOSTNAME=y\n")) == Settings()


def test_problems_of_a_file_name_its_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({"HOST": "?"}, written(tmp_path, "# one\n\nPORT=x\nTZ\n'half\n"))

    assert [key for key, _ in caught.value.problems] == [
        "HOST (environment)",
        "PORT (.env line 3)",
        "TZ (.env line 4)",
        ".env line 5",
    ]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    latin = tmp_path / "latin.env"
    latin.write_bytes(b"BOT_NAME=\xff\n")

    assert "UTF-8" in problems({}, latin)["latin.env"]
    assert "cannot be read" in problems({}, tmp_path)[tmp_path.name]
    assert load_settings({}, tmp_path / "none.env") == Settings()


def test_robot_keys_come_from_file_and_process_alike(tmp_path: Path) -> None:
    settings = load_settings({"ROBOT_KEY_B": "kb"}, written(tmp_path, "ROBOT_KEY_A=ka"))

    assert settings.robot_keys == {"ROBOT_KEY_A": "ka", "ROBOT_KEY_B": "kb"}


def test_the_example_file_and_the_settings_name_the_same_variables() -> None:
    named = {key for key, _ in ASSIGNMENT.findall(EXAMPLE.read_text())}
    known = {field.name.upper() for field in dataclasses.fields(Settings)}

    assert named - {"ROBOT_KEY_ALPHA"} == known - {"ROBOT_KEYS"}


def test_the_unedited_example_is_one_error_naming_every_placeholder() -> None:
    text = EXAMPLE.read_text()
    placeholders = set(re.findall(r"^([A-Z_]+)=<", text, re.MULTILINE))
    told = problems({}, EXAMPLE)

    assert {*OWN, *LINK, *AIBOT, *APP, *APP_CALLBACK, *ROBOT} == placeholders
    assert placeholders <= told.keys()
    assert all("placeholder" in told[key] for key in placeholders)


def test_no_line_of_the_example_passes_unless_it_is_the_default(tmp_path: Path) -> None:
    defaults = Settings()
    for key, value in ASSIGNMENT.findall(EXAMPLE.read_text()):
        line = written(tmp_path, f"{key}={value}")
        if value.startswith("<"):
            assert "placeholder" in problems({}, line)[key]
        else:
            assert load_settings({}, line) == defaults


def test_every_variable_of_the_example_is_explained_in_both_languages() -> None:
    lines = EXAMPLE.read_text().splitlines()
    for before, line in itertools.pairwise(lines):
        if ASSIGNMENT.match(line):
            english, _, chinese = before.rpartition(" / ")

            assert english.isascii()
            assert english.startswith("# ")
            assert re.search("[\u4e00-\u9fff]", chinese)
