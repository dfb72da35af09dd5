"""Short links as they are made, shown and looked up: for a group, for a member, or by staff.

A link of the pack is kept by its name, not by where it leads: what the pack says of it at the
moment it is opened is what holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final

from handlers.ports import Context, Store
from sop.links import link_targets, short_links
from sop.links.short_links import Verdict
from sop.model import Group, Person, ShortLink, Token
from sop.pack.pack import Pack
from sop.pack.pack_links import Link
from sop.texts import text

SECRET: Final = "short-links"  # noqa: S105 - a name, no secret
"""The name under which what makes codes unguessable is kept."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What who opens a link gets: `target` is where it leads, `link` what holds for it now."""

    verdict: Verdict
    target: str = ""
    link: ShortLink | None = None


def address(pack: Pack, name: str) -> str:
    """Return the web address behind a name under `links`, or of a benefit that is one.

    Empty where there is none, or none that a link may lead to.
    """
    benefit = pack.benefit(name)
    value = pack.link(name) or (benefit.value if benefit is not None else "") or ""
    return "" if link_targets.refusal(value) else value


def of_group(context: Context, group: Group | None, name: str, *, step: str = "") -> str:
    """Return the address a post shows for a link or benefit of the pack, empty where it has none.

    That is a short link of the group (and step), where this deployment has a public address.
    """
    plain = address(context.book.pack, name)
    if not plain or group is None or not _public(context):
        return plain
    return shown(
        context, kept(context, _kind(context.book.pack, name), name, group=group.id, step=step)
    )


def of_member(context: Context, person: Person, name: str) -> ShortLink:
    """Return the link by which somebody spreads what the pack's link `name` leads to."""
    return kept(context, "pack", name, person=person.id)


def newest(context: Context, name: str, *, group: str, step: str) -> ShortLink | None:
    """Return the link that was shown last for a link or benefit, in that group, by that step.

    Empty is any. Where none was shown it is made; None where the pack has no such address.
    """
    if not address(context.book.pack, name):
        return None
    kind, given = _kind(context.book.pack, name), {"group": group, "step": step}
    found = context.store.find(
        ShortLink, community=context.community, kind=kind, name=name, person=0, order="-at",
        limit=1, **{field: value for field, value in given.items() if value},
    )  # fmt: skip
    return found[0] if found else kept(context, kind, name, group=group, step=step)


def _kind(pack: Pack, name: str) -> str:
    return "pack" if pack.link(name) else "benefit"


def kept(
    context: Context, kind: str, name: str, *, group: str = "", person: int = 0, step: str = ""
) -> ShortLink:
    """Return the short link of that kind, name, group, step and person; made where it is new."""
    found = context.store.find(
        ShortLink, community=context.community, kind=kind, name=name, person=person, group=group,
        step=step, limit=1,
    )  # fmt: skip
    if found:
        return found[0]
    seed = "\0".join((context.community, kind, name, group, step, str(person)))
    return put(context, ShortLink(
        code=new_code(context, seed), community=context.community, kind=kind, name=name,
        group=group, person=person, step=step, at=context.now,
    ))  # fmt: skip


def put(context: Context, link: ShortLink) -> ShortLink:
    """Keep a link, and return it."""
    context.store.put(link)
    return link


def new_code(context: Context, seed: str) -> str:
    """Return a code that nobody has, and nobody can guess who does not know the secret."""
    secret, attempt = secret_of(context.store), 0
    while True:
        code = short_links.code_of(secret, f"{attempt}\0{seed}")
        if context.store.get(ShortLink, code) is None:
            return code
        attempt += 1


def secret_of(store: Store) -> str:
    """Return the secret of this deployment; a rehearsal has none, and the same codes each time."""
    found = store.get(Token, SECRET)
    return found.value if found is not None else ""


def keep_secret(store: Store, made: str) -> None:
    """Keep the secret that codes are made with from now on, unless there is one."""
    if store.get(Token, SECRET) is None:
        store.put(Token(name=SECRET, value=made, expires_at=0))


def shown(context: Context, link: ShortLink) -> str:
    """Return the address of a short link; empty where this deployment has no public address."""
    public = _public(context)
    return f"{public}/s/{link.code}" if public else ""


def _public(context: Context) -> str:
    return context.in_force.public_url


def only_by(platforms: Iterable[str]) -> str:
    """Return the words for that a link opens by these platforms alone."""
    names = (text(f"short-links.platform-{each}") for each in platforms)
    return text("short-links.only", platforms=text("people.joiner").join(names))


def opening(context: Context, link: ShortLink | None, platform: str) -> Opened:
    """Return what who opens a link with that platform gets now."""
    if link is None:
        return Opened("unknown")
    target = _target(context.book.pack, link)
    meant = _terms(context, link)
    return Opened(short_links.verdict(meant, target, platform, context.now), target, meant)


def _target(pack: Pack, link: ShortLink) -> str:
    """Return where a link leads now, in a form that fits in a header."""
    plain = link.target if link.kind == "made" else address(pack, link.name)
    return "" if link_targets.refusal(plain) else link_targets.ascii_form(plain)


def _terms(context: Context, link: ShortLink) -> ShortLink:
    """Return a link with what the pack says of it today."""
    spec = context.book.pack.links.get(link.name) if link.kind == "pack" else None
    if spec is None:
        return link
    return replace(
        link, title=spec.title or link.name, most=spec.clicks or 0, platforms=spec.platforms,
        expires_at=_end_of(context, spec),
    )  # fmt: skip


def _end_of(context: Context, spec: Link) -> int:
    if spec.until is None:
        return 0
    following = datetime.combine(spec.until + timedelta(days=1), time(), context.book.zone)
    return round(following.timestamp() * 1_000)
