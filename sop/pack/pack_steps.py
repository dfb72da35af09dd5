"""Steps: a trigger, conditions, limits, and actions in order."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, PlainValidator, create_model

from sop.fields.pack_part import Part, problem
from sop.fields.pack_types import CapText, Count, Days, DurationMs, Id, Items, RateText, SegmentId
from sop.pack.pack_actions import (
    HOUR_MS,
    AskAction,
    AwardAction,
    DmAction,
    DropAction,
    GameAction,
    OfferAction,
    PostAction,
    QuestionsAction,
    ReportAction,
    ReviewAction,
    ShareDayAction,
    StepAction,
    TagAction,
    TaskAction,
)
from sop.pack.pack_campaigns import (
    BadgeAction,
    BookAction,
    ChallengeAction,
    CollectAction,
    ShowcaseAction,
    SignupAction,
    VoteAction,
    WallAction,
)
from sop.pack.pack_conditions import Conditions
from sop.triggers import triggers

ACTIONS: Final[Mapping[str, type[StepAction]]] = {
    "post": PostAction,
    "dm": DmAction,
    "drop": DropAction,
    "ask": AskAction,
    "questions": QuestionsAction,
    "share_day": ShareDayAction,
    "game": GameAction,
    "collect": CollectAction,
    "challenge": ChallengeAction,
    "signup": SignupAction,
    "showcase": ShowcaseAction,
    "wall": WallAction,
    "book": BookAction,
    "badge": BadgeAction,
    "vote": VoteAction,
    "offer": OfferAction,
    "task": TaskAction,
    "review": ReviewAction,
    "report": ReportAction,
    "award": AwardAction,
    "tag": TagAction,
}
"""The distinguishing key of an action, and its model."""


def _body(model: type[StepAction]) -> type[Any]:
    """Make the mapping around an action whose fields stand under its key."""
    short = BeforeValidator(pool_alone) if model.UNDER == "drop" else BeforeValidator(_as_is)
    fields: dict[str, Any] = {model.UNDER: (Annotated[model, short], ...)}
    return create_model(f"{model.__name__}Body", __base__=Part, **fields)


def _as_is(value: object) -> object:
    return value


def pool_alone(value: object) -> object:
    """Take a name alone for the pool to drop from."""
    return {"pool": value} if isinstance(value, str) else value


# Signs of Chinese keyboards that are none to YAML, and what is written instead.
_WIDE_SIGNS: Final[Mapping[str, str]] = {
    "\N{FULLWIDTH COLON}": '": "',
    "\N{FULLWIDTH LEFT CURLY BRACKET}": "{ }",
}

_BODIES: Final = {key: _body(model) for key, model in ACTIONS.items() if model.UNDER}


def parse_action(value: object) -> StepAction:
    """Return the action a mapping stands for, chosen by the one key that only that action has."""
    if isinstance(value, StepAction):
        return value
    if not isinstance(value, Mapping):
        raise problem('must be an action, such as {post: "…"}')
    keys = [key for key in value if key in ACTIONS]
    if len(keys) != 1:
        raise _not_one_action(value, keys)
    body = _BODIES.get(keys[0])
    if body is None:
        return ACTIONS[keys[0]].model_validate(value)
    action: StepAction = getattr(body.model_validate(value), keys[0])
    return action


def _not_one_action(value: Mapping[str, object], keys: list[str]) -> Exception:
    if keys:
        return problem(f"does {' and '.join(keys)} at once: make each an entry of its own")
    wide = next((sign for sign in _WIDE_SIGNS if any(sign in key for key in value)), "")
    if wide:
        return problem(f"names no action: {wide} is full-width; write {_WIDE_SIGNS[wide]}")
    return problem("names no action", known=tuple(ACTIONS), tried=tuple(value))


def parse_when(value: object) -> triggers.Trigger:
    """Read a trigger; a problem says what is wrong."""
    if isinstance(value, (str, Mapping)):
        return triggers.parse_trigger(value)
    raise problem('must be a trigger, such as "08:00 daily" or group.created')


def batch_alone(value: object) -> object:
    """Take a length of time for a batch of that length."""
    return {"for": value} if not isinstance(value, Mapping) else value


class Limit(Part):
    """Rolling limits of a step's runs, per group and per member."""

    group: RateText | None = None
    member: RateText | None = None


class Batch(Part):
    """Newcomers within `for_ms` of the first, at most `or_count`, share one post."""

    for_ms: DurationMs = Field(alias="for")
    or_count: Count | None = Field(default=None, alias="or")
    at_most: CapText | None = None


class Each(Part):
    """A timed step runs once for every member of the segment."""

    segment: SegmentId


class Step(Part):
    """One step of the SOP. `grace_ms` bounds how late an occurrence is still made up."""

    id: Id
    title: str = ""
    when: Annotated[triggers.Trigger, PlainValidator(parse_when)]
    if_: Conditions = Field(default=Conditions(), alias="if")
    unless: Conditions = Conditions()
    limit: Limit = Limit()
    missed: Literal["skip", "latest", "all"] = "latest"
    grace_ms: DurationMs = Field(default=2 * HOUR_MS, alias="grace")
    batch: Annotated[Batch, BeforeValidator(batch_alone)] | None = None
    priority: Literal["high", "normal", "low"] = "normal"
    in_: Literal["regular", "core", "all"] = Field(default="regular", alias="in")
    each: Each | None = None
    skip: Items[Days] = ()
    do: Items[Annotated[StepAction, PlainValidator(parse_action)]]

    @property
    def is_conditional(self) -> bool:
        """Whether `if` or `unless` asks anything."""
        return not (self.if_.is_empty and self.unless.is_empty)
