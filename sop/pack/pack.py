"""The pack: everything a community runs on, as one frozen value.

`sop.checks.loader.load_pack` makes it from YAML. A name that YAML spells with a keyword of Python
ends in an underscore here (`if_`, `in_`); a duration ends in `_ms`. `None` means that a pack
does not state a limit, and then there is none.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from sop.fields.pack_part import Part, problem
from sop.fields.pack_types import (
    BenefitId,
    DateText,
    Days,
    File,
    Id,
    Items,
    OneOrMany,
    OneOrMore,
    SpanText,
    Table,
    Template,
    Text,
    Word,
    ZoneName,
    plain_text,
)
from sop.fields.pool_paths import PoolPath
from sop.pack.pack_budget import Budget, Bundle
from sop.pack.pack_campaigns import CollectAction
from sop.pack.pack_conditions import Conditions
from sop.pack.pack_links import Link, url_alone
from sop.pack.pack_offers import Offers
from sop.pack.pack_people import (
    Admission,
    Badge,
    Care,
    Circle,
    Layers,
    Leaders,
    Recognition,
    Signal,
)
from sop.pack.pack_rules import Rules
from sop.pack.pack_score import Benefit, BenefitBudget, Level, Likes, Score
from sop.pack.pack_steps import Step
from sop.pack.season import Seasons
from sop.text import fingerprint


class Corrections(Part):
    """Days that differ from the calendar: `off` are free, `on` are worked."""

    base: Literal["cn", "none"] = "cn"
    off: Items[DateText] = ()
    on: Items[DateText] = ()


class Item(Part):
    """One item of a pool: content, a question with its answers, or both."""

    text: Template | None = None
    ask: Template | None = None
    answer: OneOrMany[Word] = ()
    options: Items[Word] = ()
    hint: str = ""
    image: File | None = None
    video: File | None = None
    file: File | None = None
    tags: Items[Word] = ()
    from_: DateText | None = Field(default=None, alias="from")
    until: DateText | None = None

    def in_season(self, day: date) -> bool:
        """Whether the item may be used on that local day (`from` and `until` included)."""
        return not (self.from_ and day < self.from_) and not (self.until and self.until < day)


def text_item(value: object) -> object:
    """Take a text alone for an item of that text."""
    text = plain_text(value)
    return {"text": text} if isinstance(text, str) else value


class Pool(Part):
    """Items dropped in order, none twice before all were used; `repeat` starts anew then.

    `from` names a table (.csv), a list (.pool.yaml) or a folder of notes (.md) beside the pack
    that holds the items instead.
    """

    items: Items[Annotated[Item, BeforeValidator(text_item)]] = ()
    from_: PoolPath | None = Field(default=None, alias="from")
    repeat: bool = False
    scope: Literal["community", "group"] = "group"

    @model_validator(mode="after")
    def _has_one_source(self) -> "Pool":
        stated = {"items", "from_"} & self.model_fields_set
        if len(stated) == 1:
            return self
        if stated:
            raise problem("has its items here and in a file: keep one of items and from")
        raise problem("needs items, or from: the name of a file or folder with them")

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """What each item is known by: what it says. A pool may be reordered at any time."""
        return tuple(
            fingerprint(item.model_dump_json(exclude_defaults=True)) for item in self.items
        )


def items_alone(value: object) -> object:
    """Take a list for the items of a pool, and a text for the file that holds them."""
    if isinstance(value, Mapping):
        return value
    return {"from": value} if isinstance(value, str) else {"items": value}


class StandingAnswer(Part):
    """What is answered at once to a message that holds one of the phrases."""

    asks: OneOrMany[Word]
    reply: Template


def calendar_name(value: object) -> object:
    """Take a name alone for a calendar without corrections."""
    return value if isinstance(value, Mapping) else {"base": value}


CalendarText = Annotated[Corrections, BeforeValidator(calendar_name)]
"""Corrections of a calendar, or the calendar's name alone."""


class Pack(Part):
    """A whole SOP. Lists keep the order of the file; `first_benefit` is what claim gives."""

    ELSEWHERE: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("starts", "channels"), "it stands in groups.yaml, in each group"),
        **dict.fromkeys(("owner", "staff"), "it stands in groups.yaml, in the community"),
        **dict.fromkeys(("groups", "communities", "regular"), "groups stand in groups.yaml"),
    }

    pack: Id
    title: Text
    kind: Literal["product", "interest", "brand", "knowledge", "industry", "commerce"] | None = (
        None
    )
    timezone: ZoneName
    calendar: CalendarText = Corrections()
    quiet: SpanText | None = None
    budget: Budget = Budget()
    bundle: Bundle | None = None
    skip: Items[Days] = ()
    texts: Table[str, Template] = Field(default_factory=dict)
    library: Table[Id, Annotated[Pool, BeforeValidator(items_alone)]] = Field(default_factory=dict)
    answers: Items[StandingAnswer] = ()
    rules: Rules = Rules()
    score: Score = Score()
    levels: Items[Level] = ()
    seasons: Seasons | None = None
    likes: Likes = Likes()
    first_benefit: BenefitId | None = None
    benefits: Items[Benefit] = ()
    benefit_budget: BenefitBudget | None = None
    offers: Offers = Offers()
    steps: Items[Step]
    layers: Layers = Layers()
    leaders: Leaders | None = None
    links: Table[str, Annotated[Link, BeforeValidator(url_alone)]] = Field(default_factory=dict)
    segments: Table[Id, Conditions] = Field(default_factory=dict)
    badges: Items[Badge] = ()
    tags: Items[Word] = ()
    circles: Items[Circle] = ()
    recognition: Recognition | None = None
    signal: Signal | None = None
    care: Care | None = None
    admission: Admission | None = None
    commands: Table[str, OneOrMore[Word]] = Field(default_factory=dict)
    ack: Table[str, Literal["merged", "each"]] = Field(default_factory=dict)

    def step(self, step_id: str) -> Step | None:
        """Return the step of that id."""
        return next((step for step in self.steps if step.id == step_id), None)

    def benefit(self, benefit_id: str) -> Benefit | None:
        """Return the benefit of that id."""
        return next((each for each in self.benefits if each.id == benefit_id), None)

    def link(self, name: str) -> str:
        """Return the web address of that name under `links`; empty where there is none."""
        found = self.links.get(name)
        return found.url if found is not None else ""

    @property
    def collections(self) -> Mapping[str, CollectAction]:
        """What steps collect, by the id it bears."""
        return {
            action.id or step.id: action
            for step in self.steps
            for action in step.do
            if isinstance(action, CollectAction)
        }
