"""The environment, read once into frozen settings; every problem is told at the same time.

The only importer of python-dotenv. `config.example.env` explains each variable to people.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from dotenv.parser import Binding, parse_stream

from bot import setting_forms as forms
from bot.setting_families import CREDENTIALS, FAMILIES, problems_between

_ROBOT_KEY: Final = re.compile(r"ROBOT_KEY_[A-Z0-9_]+")
_PLACEHOLDER: Final = re.compile(r"<.*>|change[-_ ]?me", re.IGNORECASE)


class Problem(NamedTuple):
    """What is wrong with one setting, and what would be right; never its value."""

    key: str
    sentence: str


class SettingsError(Exception):
    """Settings are missing, half, malformed or still placeholders; the text names all of them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        lines = (f"  {key}: {sentence}" for key, sentence in problems)
        super().__init__("\n".join(("These settings need attention:", *lines)))


def _setting(form: forms.Form, default: object, *, secret: bool = False) -> Any:
    return field(default=default, repr=not secret, metadata={"form": form, "secret": secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting, named like its variable; what is not set is empty, or has its default.

    Built directly it is not checked: `load_settings` does that. Secrets stay out of `repr`.
    `public_url` and `wecom_api_base` are origins without a final slash; `wecom_app_agent_id`
    is 0 when not set; `robot_keys` holds all ROBOT_KEY_ variables under their whole names.
    """

    host: str = _setting(forms.HOST, "127.0.0.1")
    port: int = _setting(forms.PORT, 8080)
    public_url: str = _setting(forms.ORIGIN, "")
    trusted_proxies: tuple[forms.Network, ...] = _setting(forms.NETWORKS, ())
    database_url: str = field(
        default="sqlite:///data/qunyun.db", repr=False, metadata={"form": forms.DATABASE}
    )
    broker_url: str = _setting(forms.BROKER, "", secret=True)
    sop_dir: Path = _setting(forms.FOLDER, Path("data/sop"))  # noqa: RUF009 - immutable
    data_dir: Path = _setting(forms.FOLDER, Path("data"))  # noqa: RUF009 - immutable
    tz: ZoneInfo = _setting(forms.ZONE, ZoneInfo("Asia/Shanghai"))  # noqa: RUF009 - immutable
    log_level: str = _setting(forms.LEVEL, "INFO")
    admin_password: str = _setting(forms.PHRASE, "", secret=True)
    session_secret: str = _setting(forms.PHRASE, "", secret=True)
    api_token: str = _setting(forms.TOKEN, "", secret=True)
    bot_name: str = _setting(forms.PHRASE, "")
    retain_text_days: int = _setting(forms.DAYS, 90)
    wecom_corp_id: str = _setting(forms.WORD, "")
    wecom_api_base: str = _setting(forms.ORIGIN, "https://qyapi.weixin.qq.com")
    wecom_app_agent_id: int = _setting(forms.AGENT_ID, 0)
    wecom_app_secret: str = _setting(forms.WORD, "", secret=True)
    wecom_app_token: str = _setting(forms.WORD, "", secret=True)
    wecom_app_aes_key: str = _setting(forms.AES_KEY, "", secret=True)
    wecom_aibot_token: str = _setting(forms.WORD, "", secret=True)
    wecom_aibot_aes_key: str = _setting(forms.AES_KEY, "", secret=True)
    wecom_aibot_id: str = _setting(forms.WORD, "")
    wecom_aibot_secret: str = _setting(forms.WORD, "", secret=True)
    wecom_aibot_ws: str = _setting(forms.WEBSOCKET, "wss://openws.work.weixin.qq.com")
    wecom_robot_token: str = _setting(forms.WORD, "", secret=True)
    wecom_robot_aes_key: str = _setting(forms.AES_KEY, "", secret=True)
    wecom_archive_secret: str = _setting(forms.ARCHIVE, "", secret=True)
    wecom_archive_keys: str = _setting(forms.ARCHIVE, "", secret=True)
    wecom_archive_sdk: str = _setting(forms.ARCHIVE, "")
    robot_keys: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)

    @property
    def sandbox(self) -> bool:
        """Whether no WeCom credential is set, so that a WeCom inside this process stands in."""
        return not any(getattr(self, key.lower()) for key in CREDENTIALS)

    @property
    def hears(self) -> tuple[str, ...]:
        """The ways by which members' words come in: of app, aibot, link and robot."""
        return tuple(
            family.hears
            for family in FAMILIES
            if family.hears and all(getattr(self, key.lower()) for key in family.marks)
        )

    @property
    def secrets(self) -> frozenset[str]:
        """Every secret that is set, for the log to mask."""
        marked = (each.name for each in fields(self) if each.metadata.get("secret"))
        values = (*(getattr(self, name) for name in marked), *self.robot_keys.values())
        password = unquote(urlsplit(self.database_url).password or "")
        return frozenset(value for value in (*values, password) if value)


_FORMS: Final[Mapping[str, forms.Form]] = {
    each.name.upper(): each.metadata["form"] for each in fields(Settings) if each.metadata
}


class _Given(NamedTuple):
    value: str
    where: str


def load_settings(environ: Mapping[str, str], env_file: Path | None) -> Settings:
    """Read the settings; a variable of the process wins over the same line in `env_file`.

    A file that does not exist is as good as none. Blanks around a value are not part of it.
    Raises `SettingsError` with every problem there is.
    """
    problems: list[Problem] = []
    written = _read(env_file, problems) if env_file is not None else {}
    problems += _slips(written)
    outside = {key: _Given(value.strip(), "environment") for key, value in environ.items()}
    given = {key: one for key, one in {**written, **outside}.items() if _known(key)}
    values = _typed(given, problems)
    problems += (Problem(*found) for found in problems_between(given))
    if problems:
        raise SettingsError(_in_order(problems))
    return _settings(values)


def _known(key: str) -> bool:
    return key in _FORMS or bool(_ROBOT_KEY.fullmatch(key))


def _read(env_file: Path, problems: list[Problem]) -> dict[str, _Given]:
    try:
        text = env_file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return {}
    except OSError as error:
        problems.append(Problem(env_file.name, f"cannot be read: {error.strerror}"))
        return {}
    except UnicodeDecodeError:
        problems.append(Problem(env_file.name, "must be saved as UTF-8"))
        return {}
    return _lines(text, env_file.name, problems)


def _lines(text: str, name: str, problems: list[Problem]) -> dict[str, _Given]:
    given: dict[str, _Given] = {}
    # dotenv_values() only logs what it cannot read, and would expand a $ in a password.
    for line in parse_stream(io.StringIO(text)):
        where = f"{name} line {_line_number(line)}"
        if line.error:
            problems.append(Problem(where, "must be KEY=value; quotes must be closed"))
        elif line.key is not None:
            given[line.key] = _Given((line.value or "").strip(), where)
    return given


def _line_number(line: Binding) -> int:
    # dotenv counts the blank lines before an entry as part of it.
    text = line.original.string
    return line.original.line + len(text[: -len(text.lstrip())].splitlines())


def _slips(written: Mapping[str, _Given]) -> Iterator[Problem]:
    for key, one in written.items():
        if _known(key):
            continue
        near = forms.nearest(key.upper(), list(_FORMS))
        if near is not None:
            yield Problem(f"{key} ({one.where})", f"is no setting: did you mean {near}?")
        elif key.upper().startswith(("WECOM_", "ROBOT_KEY_")):
            yield Problem(f"{key} ({one.where})", "is no setting: remove the line")


def _typed(given: Mapping[str, _Given], problems: list[Problem]) -> dict[str, object]:
    values: dict[str, object] = {}
    for key, one in given.items():
        form = _FORMS.get(key, forms.WORD)
        try:
            values[key] = _value(form, one.value)
        except ValueError as error:
            problems.append(Problem(f"{key} ({one.where})", str(error)))
    return values


def _value(form: forms.Form, text: str) -> object:
    if not text:
        raise ValueError(f"is empty: it must be {form.wants}; or remove the line")
    if not text.isprintable():
        raise ValueError(f"holds a character that cannot be seen: it must be {form.wants}")
    if _PLACEHOLDER.fullmatch(text):
        raise ValueError(f"still holds a placeholder: it must be {form.wants}; or remove the line")
    try:
        return form.read(text)
    except ValueError as error:
        raise ValueError(". ".join(filter(None, (f"must be {form.wants}", str(error))))) from None


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    order = {key: place for place, key in enumerate(_FORMS)}
    return tuple(sorted(problems, key=lambda one: order.get(one.key.split()[0], len(order))))


def _settings(values: dict[str, object]) -> Settings:
    typed: dict[str, Any] = {key.lower(): values[key] for key in _FORMS if key in values}
    folder: Path = typed.get("data_dir", Settings().data_dir)
    defaults = {"sop_dir": folder / "sop", "database_url": f"sqlite:///{folder / 'qunyun.db'}"}
    robot_keys = {key: str(value) for key, value in values.items() if key not in _FORMS}
    return Settings(**{**defaults, **typed}, robot_keys=robot_keys)
