"""Offers, orders, links that were opened, and who brought whom."""

from dataclasses import dataclass

from sop.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalCode(Record):
    """A code by which friends say who brought them: it is a person's for ever."""

    KEY = ("community", "code")
    community: str
    code: str
    person: int
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Record):
    """A benefit was offered by a step, to a person or (0) to the group; or (`held`) kept back.

    Who is held out is never offered it: by them it is told what an offer brings.
    """

    KEY = ("community", "id")
    community: str
    id: int
    group: str
    step: str
    benefit: str
    person: int
    at: int
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Record):
    """Something that was bought elsewhere, for so many cents; `person` is 0 while it is nobody's.

    `buyer` is who bought it as the shop says, empty once that is a person; `why` is in one word
    why it could not be told.
    """

    KEY = ("community", "order")
    community: str
    order: str
    person: int
    at: int
    cents: int
    what: str
    told_at: int
    refunded: bool = False
    buyer: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortLink(Record):
    """An address of ours, `/s/{code}`, that leads to another one and tells who came by it.

    kind: pack (leads where the pack's link `name` leads, as long as it has one), made (by staff:
    it leads to `target`), benefit (to that of the pack's benefit `name`) or invitation (a page
    that says how to come in). `person` is whose it is, 0 for nobody's; `step` what it was offered
    by. 0 is no end for `expires_at`, no limit for `most`, which counts `clicks`: those of people.
    `visitors` are as many of them as could be told apart.
    """

    KEY = ("code",)
    code: str
    community: str
    kind: str
    name: str
    at: int
    group: str = ""
    person: int = 0
    step: str = ""
    target: str = ""
    title: str = ""
    platforms: tuple[str, ...] = ()
    expires_at: int = 0
    most: int = 0
    made_by: int = 0
    stopped_at: int = 0
    clicks: int = 0
    visitors: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkHour(Record):
    """How often a short link was opened in the hour that begins at `hour`.

    By people in WeCom, WeChat and other browsers; `filtered` were programs: previews, crawlers.
    """

    KEY = ("community", "code", "hour")
    community: str
    code: str
    hour: int
    wecom: int = 0
    wechat: int = 0
    browser: int = 0
    filtered: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkVisitor(Record):
    """Somebody opened a short link for the first time; both marks tell apart, and nothing else.

    `network` is the mark of where they came from: few from one place are taken for different.
    """

    KEY = ("community", "code", "visitor")
    community: str
    code: str
    visitor: str
    network: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPlace(Record):
    """How much of a short link's limit people from one place have used, by the mark `network`.

    `beyond` are those of their clicks that no longer counted; `at` is when one counted last.
    """

    KEY = ("community", "code", "network")
    community: str
    code: str
    network: str
    at: int
    clicks: int = 0
    beyond: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation(Record):
    """Who brought a guest: one for each guest, for ever; the first that was told.

    `joined_at` is when the guest came. status: counted, held (people look at it first), refused
    (they said no), gone (the guest left within days). `why` is the reason it was held for.
    `scene` is how the guest came, where the platform saw it: direct, link, qr.
    """

    KEY = ("community", "guest")
    community: str
    guest: int
    inviter: int
    group: str
    at: int
    joined_at: int
    status: str = "counted"
    why: str = ""
    scene: str = ""
