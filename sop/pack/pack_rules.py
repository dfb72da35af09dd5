"""Rules of a pack: what is not allowed, who is spared, and what a strike brings.

The parameters of a check are typed here; what they mean is its detector's business (see
`sop.detectors.detectors`). Durations are ms.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, PlainValidator, ValidationInfo, field_validator

from sop.fields.pack_part import Part, problem
from sop.fields.pack_types import (
    Count,
    DurationMs,
    Id,
    Items,
    OneOrMany,
    SpanText,
    Text,
    Whole,
    Word,
)
from sop.pack.pack_actions import DAY_MS

Rung = Literal["remind", "remind-privately", "mute-points", "remove", "task"]
Mode = Literal["enforce", "observe", "off"]
Posts = Literal["allow", "ask", "forbid"]


class CheckSpec(Part):
    """One check of the rules; a subclass holds what its kind of detector can be told.

    `reason` is shown to members. A check without a mode of its own gets that of the rules.
    """

    id: Id
    detect: str
    reason: str = ""
    mode: Mode = "enforce"

    @property
    def params(self) -> Mapping[str, Any]:
        """What the detector is told: only what the pack sets, with durations in ms."""
        told = self.model_fields_set - CheckSpec.model_fields.keys()
        return {name: getattr(self, name) for name in sorted(told)}


class AdsCheck(CheckSpec):
    """Adverts; `allow` are phrases, `allow_domains` sites, that may be advertised."""

    allow_domains: Items[Text] = ()
    allow: Items[Word] = ()
    sensitivity: Literal["low", "normal", "high"] = "normal"


class WordsCheck(CheckSpec):
    """Words or linear-time patterns, matched after normalising."""

    any: OneOrMany[Word] = ()
    all: OneOrMany[Word] = ()
    regex: OneOrMany[Text] = ()


class AdvisingCheck(CheckSpec):
    """Phrases that are a breach; packaged ones are only shown to staff."""

    any: OneOrMany[Word] = ()


class LinksCheck(CheckSpec):
    """Sites that may be linked to, subdomains included."""

    allow_domains: Items[Text] = ()


class ContactCheck(CheckSpec):
    """Contact details that may be posted."""

    allow: Items[Word] = ()


class MaxCheck(CheckSpec):
    """Mentions, or characters, that a message may have."""

    max: Whole


class FloodCheck(CheckSpec):
    """The Nth message within the window is the breach."""

    messages: Count
    within: DurationMs


class RepeatsCheck(CheckSpec):
    """The Nth like message within the window is the breach."""

    same: Count
    within: DurationMs


class CopiesCheck(CheckSpec):
    """The same text in the Nth group within the window is the breach."""

    groups: Count = 2
    within: DurationMs = 3_600_000


class PostsCheck(CheckSpec):
    """What becomes of such a post: it is allowed, asked about, or a breach."""

    posts: Posts = "ask"


class QrCheck(PostsCheck):
    """QR codes in pictures; `allow_domains` are sites they may lead to."""

    allow_domains: Items[Text] = ()


class CompetitorsCheck(PostsCheck):
    """Names of competitors."""

    names: Items[Word] = ()


class LanguageCheck(CheckSpec):
    """Languages spoken here, and from how many letters on that is asked for."""

    allow: Items[Text] = ()
    min: Count = 12


class HoursCheck(CheckSpec):
    """When people may post, in local time."""

    between: SpanText


class TopicCheck(CheckSpec):
    """Off-topic chatter: observed, unless the check says enforce."""

    mode: Mode = "observe"
    allow: Items[Word] = ()
    words: Items[Word] = ()
    per_day: Count | None = None


CHECKS: Final[Mapping[str, type[CheckSpec]]] = {
    "ads": AdsCheck,
    "words": WordsCheck,
    "rumours": AdvisingCheck,
    "abuse": AdvisingCheck,
    "links": LinksCheck,
    "contact": ContactCheck,
    "mentions": MaxCheck,
    "length": MaxCheck,
    "flood": FloodCheck,
    "repeats": RepeatsCheck,
    "qr": QrCheck,
    "copies": CopiesCheck,
    "topic": TopicCheck,
    "recruiting": PostsCheck,
    "second-hand": PostsCheck,
    "competitors": CompetitorsCheck,
    "language": LanguageCheck,
    "hours": HoursCheck,
}
"""The kinds of detectors, and what each can be told."""


def parse_check(value: object) -> CheckSpec:
    """Return a check as written, typed by its detector."""
    if isinstance(value, CheckSpec):
        return value
    if not isinstance(value, Mapping):
        raise problem("must be a check, such as {id: ads, detect: ads}")
    kind = value.get("detect")
    if "detect" in value and not (isinstance(kind, str) and kind in CHECKS):
        raise problem(f'"{kind}" is no detector', known=tuple(CHECKS), tried=(kind,), at="detect")
    return CHECKS.get(str(kind), CheckSpec).model_validate(value)


class Appeal(Part):
    """How long after a strike an appeal is open."""

    within_ms: DurationMs = Field(default=3 * DAY_MS, alias="within")


class Raid(Part):
    """A mass of joinings: the `joins`th within the window begins a watch of that length."""

    joins: Count = 10
    within_ms: DurationMs = Field(default=DAY_MS // 144, alias="within")
    for_ms: DurationMs = Field(default=DAY_MS // 24, alias="for")


class Reports(Part):
    """How many reports somebody may send a day, and from how many groundless ones on only one."""

    per_day: Count = 5
    groundless: Count = 3


def _some_rung(ladder: tuple[Rung, ...]) -> tuple[Rung, ...]:
    if ladder:
        return ladder
    raise ValueError("must say what a strike brings, such as [remind, remove]")


class Rules(Part):
    """`ladder` is what the 1st, 2nd, … strike brings; the last rung repeats.

    `forget_after_ms` None: a strike counts for ever. `appeal` None: there is no appeal. `raid`
    None: nobody counts who joins. `exempt` spares leaders and the core some checks; owner and
    staff are never touched, whether it names them or not.
    """

    charter: str = ""
    exempt: Items[Literal["owner", "staff", "leader", "core"]] = ("owner", "staff")
    mode: Mode = "enforce"
    checks: Items[Annotated[CheckSpec, PlainValidator(parse_check)]] = ()
    ladder: Annotated[Items[Rung], AfterValidator(_some_rung)] = ("remind", "task")
    confirm: Items[Literal["remove"]] = ()
    mute_ms: DurationMs = Field(default=DAY_MS, alias="mute")
    forget_after_ms: DurationMs | None = Field(default=None, alias="forget_after")
    appeal: Appeal | None = None
    raid: Raid | None = None
    reports: Reports = Reports()

    @field_validator("checks", mode="after")
    @classmethod
    def _inherit_mode(
        cls, checks: tuple[CheckSpec, ...], info: ValidationInfo
    ) -> tuple[CheckSpec, ...]:
        mode = info.data.get("mode", "enforce")
        return tuple(with_mode(check, mode) for check in checks)


def with_mode(check: CheckSpec, mode: Mode) -> CheckSpec:
    """Return the check with the mode of its rules, unless it has one of its own."""
    if "mode" in check.model_fields_set or isinstance(check, TopicCheck):
        return check
    copy = check.model_copy(update={"mode": mode})
    # It is still not its own: a group's override tells the two apart.
    copy.model_fields_set.discard("mode")
    return copy
