"""What the playground's page may send: every field's type, length and range."""

import re
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic import model_validator as checked_by

MINUTE_MS: Final = 60_000
LONGEST_ADVANCE_MS: Final = 60 * 24 * 60 * MINUTE_MS

# Control characters but tab and line feed, and what XML cannot hold: no client can type them.
_UNTYPED: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def _typed(text: str) -> str:
    if _UNTYPED.search(text):
        raise ValueError("characters nobody can type")
    return text


def _visible(text: str) -> str:
    if not text.strip():
        raise ValueError("nothing to see")
    return text


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("more than one plain line")
    return text


Userid = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$")]
Group = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{0,64}$")]
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=20, strip_whitespace=True),
    AfterValidator(_one_line),
]
Text = Annotated[str, Field(max_length=2000), AfterValidator(_typed)]
Said = Annotated[Text, AfterValidator(_visible)]


class Form(BaseModel):
    """A JSON object with exactly the fields it names, each of exactly its type."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Say(Form):
    """Somebody says something in a group, or privately to the bot (then nothing is quoted)."""

    speaker: Userid = Field(alias="as")
    text: Said
    mention: bool = False
    private: bool = False
    quote: Text = ""
    group: Group = ""

    @checked_by(mode="after")
    def _quotes_in_groups(self) -> Self:
        if self.private and self.quote:
            raise ValueError("quotes in private do not reach the bot")
        return self


class Press(Form):
    """Somebody presses a button of a card they see, having chosen an option where it has some."""

    speaker: Userid = Field(alias="as")
    card: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_@-]{1,128}$")]
    key: Said
    option: Text = ""


class Join(Form):
    """Somebody comes into a group: known by `userid`, or a newcomer called `name`."""

    userid: Userid | None = None
    name: Name | None = None
    group: Group = ""

    @checked_by(mode="after")
    def _somebody(self) -> Self:
        if not (self.userid or self.name):
            raise ValueError("a userid or a name")
        return self


class Leave(Form):
    """Somebody leaves a group by hand."""

    userid: Userid
    group: Group = ""


class Advance(Form):
    """How far the time moves: together from one minute to sixty days."""

    minutes: int = Field(default=0, ge=0, le=60 * 24 * 60)
    hours: int = Field(default=0, ge=0, le=60 * 24)
    days: int = Field(default=0, ge=0, le=60)

    @property
    def ms(self) -> int:
        """The whole way in milliseconds."""
        return (self.minutes + 60 * (self.hours + 24 * self.days)) * MINUTE_MS

    @checked_by(mode="after")
    def _bounded(self) -> Self:
        if not MINUTE_MS <= self.ms <= LONGEST_ADVANCE_MS:
            raise ValueError("from one minute to sixty days")
        return self


class Channel(Form):
    """Whether the bot hears all messages of the groups, or only those that mention it."""

    hears_all: bool


class Answer(Form):
    """What a member of staff answers to a human task."""

    number: int = Field(ge=1, le=10**9)
    choice: Literal["done", "approve", "reject", "take"]
    speaker: Userid = Field(alias="as")


def fields_of(errors: list[Any]) -> list[str]:
    """Name the fields that pydantic found wrong; a rule between fields has no name."""
    return sorted({str(error["loc"][0]) for error in errors if error["loc"]})
