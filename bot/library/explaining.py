"""What is in force in one group, by its files and accepted advice, and where a value is from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from bot.broken import Broken
from bot.library import accepted
from bot.library.bound_groups import Abilities, deployed
from bot.library.library import BINDINGS_FILE, Library, contents
from bot.settings import Settings
from sop import kinds
from sop.bindings.bindings import Binding, Bindings, BindingsDraft, Community, read_bindings
from sop.channels import CAPABILITIES
from sop.detectors import trust
from sop.pack.pack import Pack
from sop.problems import Path as Keys
from sop.problems import suggestion
from sop.schema import explanation
from sop.schema.explanation import Origin, Setting, Source
from sop.yaml import yaml_source
from sop.yaml.yaml_tree import Tree

CAN: Final = "can"
"""Under this key stands what the group can hear and do."""

EXEMPT: Final = "rules.exempt"
"""Under this key stands by which checks owner, staff, leaders and the core are passed over."""

FACTS: Final = ("title", "starts", "owner", "staff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A group with every value in force in it, by key."""

    community: str
    group: str
    settings: tuple[Setting, ...]

    def under(self, key: str) -> tuple[Setting, ...]:
        """Return the setting of a key, or all below it. Raises `Broken` for an unknown one."""
        found = tuple(
            each for each in self.settings if each.key == key or each.key.startswith(f"{key}.")
        )
        if not found:
            known = {part for each in self.settings for part in _stems(each.key)}
            raise Broken(f"there is no {key}{_hint(key, known)}")
        return found


def _stems(key: str) -> Iterator[str]:
    parts = key.split(".")
    for length in range(1, len(parts) + 1):
        yield ".".join(parts[:length])


def explained(settings: Settings, abilities: Abilities, group: str) -> Explained:
    """Return what is in force in `group` or `community/group`.

    Raises `Broken` for a folder with errors, a group that is not bound, or one of several.
    """
    folder = settings.sop_dir
    library = Library(folder, abilities)
    if not library.reload():
        wrong = [each for each in library.problems if each.severity == "error"]
        raise Broken("\n".join(map(str, wrong)))
    draft = read_bindings(contents(folder / BINDINGS_FILE), BINDINGS_FILE)
    bindings, _ = draft.checked(
        [book.pack.pack for book in library.shelf.books.values()], abilities.robot_keys
    )
    community, binding = _meant(bindings or Bindings(), group)
    file = folder / library.shelf.sources[community.id]
    tree, _ = yaml_source.compose(contents(file), file.name)
    book = library.shelf.books[community.id]
    sources = (
        *_sources(community, binding, file.name, tree, draft, book.pack.kind),
        *accepted.layers(settings, community.id, binding, book),
    )
    told = (
        *_facts(community, binding, file.name, draft),
        *_abilities(binding, abilities, draft),
        *_spared(in_order(explanation.explain(Pack, sources)), book.pack),
    )
    return Explained(community=community.id, group=binding.id, settings=told)


def in_order(settings: Iterable[Setting]) -> list[Setting]:
    """Return settings in the order of a pack's keys."""
    order = {field.alias or name: n for n, (name, field) in enumerate(Pack.model_fields.items())}
    return sorted(settings, key=lambda each: order.get(each.key.partition(".")[0], len(order)))


def _spared(settings: Iterable[Setting], pack: Pack) -> Iterator[Setting]:
    """Yield the settings, and after `rules.exempt` by which checks each is passed over."""
    for setting in settings:
        yield setting
        if setting.key != EXEMPT:
            continue
        for who in ("owner", "staff", "leader", "core"):
            skip = trust.unlooked(who, who, pack.rules.exempt)
            value = (
                "every check, named or not"
                if skip is None
                else f"{trust.SPARED} alone"
                if skip
                else "no check"
            )
            origin = replace(setting.origins[0], value=value)
            yield Setting(key=f"{EXEMPT}.{who}", value=value, origins=(origin,))


def _meant(bindings: Bindings, wanted: str) -> tuple[Community, Binding]:
    every = [
        (community, group) for community in bindings.communities for group in community.groups
    ]
    found = [
        (community, group)
        for community, group in every
        if wanted in (group.id, f"{community.id}/{group.id}")
    ]
    if len(found) == 1:
        return found[0]
    names = [f"{community.id}/{group.id}" for community, group in found or every]
    if found:
        raise Broken(f"there are several groups {wanted}: say {' or '.join(names)}")
    known = [*names, *(group.id for _, group in every)]
    raise Broken(f"there is no group {wanted}{_hint(wanted, known)}")


def _hint(wanted: str, known: list[str] | set[str]) -> str:
    near = suggestion(wanted, sorted(known))
    return f" (did you mean {near}?)" if near else ""


def _sources(
    community: Community,
    binding: Binding,
    file: str,
    tree: Tree | None,
    draft: BindingsDraft,
    kind: str | None,
) -> tuple[Source, ...]:
    """The layers of the files above the defaults, the weakest first."""
    bound = draft.tree
    return (
        Source(layer="kind", name=kind or "", data=kinds.written(kind)),
        Source(layer="pack", name=community.pack, file=file, tree=tree),
        Source(
            layer="community", name=community.id, file=BINDINGS_FILE, tree=bound,
            path=(*community.path, "override"),
        ),
        Source(
            layer="group", name=binding.id, file=BINDINGS_FILE, tree=bound,
            path=(*binding.path, "override"),
        ),
    )  # fmt: skip


def _facts(
    community: Community, binding: Binding, file: str, draft: BindingsDraft
) -> Iterator[Setting]:
    """What the bindings say of the group itself."""
    yield _fact("group", f"{community.id}/{binding.id}", "group", binding.path, draft)
    pack = f"{community.pack} ({file})"
    yield _fact("pack-in-force", pack, "community", (*community.path, "pack"), draft)
    yield _fact("layer", binding.kind, "group", binding.path, draft)
    for name in FACTS:
        whose = binding if hasattr(binding, name) else community
        path = (*(binding.path if whose is binding else community.path), name)
        value = explanation.shown(getattr(whose, name))
        yield _fact(
            f"group.{name}", value, "group" if whose is binding else "community", path, draft
        )


def _fact(
    key: str, value: str, layer: explanation.Layer, path: Keys, draft: BindingsDraft
) -> Setting:
    place = draft.tree.place(path) if draft.tree else None
    origin = Origin(
        layer=layer, name="", value=value, file=BINDINGS_FILE,
        line=place.line if place else 0, column=place.column if place else 0,
    )  # fmt: skip
    return Setting(key=key, value=value, origins=(origin,))


def _abilities(binding: Binding, abilities: Abilities, draft: BindingsDraft) -> Iterator[Setting]:
    """What the group's channels can do in this deployment; a person does the rest."""
    channels = deployed(binding.channels, abilities)
    path = (*binding.path, "channels")
    missing = binding.channels.keys() - channels.keys() - ({"aibot"} if abilities.link else set())
    idle = f"; not here: {', '.join(sorted(missing))}" if missing else ""
    yield _fact("group.channels", f"{', '.join(channels) or 'none'}{idle}", "group", path, draft)
    for wish in sorted(CAPABILITIES["sandbox"]):
        able = [kind for kind in channels if wish in CAPABILITIES[kind]]
        value = f"yes, by {', '.join(able)}" if able else _without(wish)
        yield _fact(f"{CAN}.{wish}", value, "group", path, draft)


def _without(wish: str) -> str:
    if wish.startswith(("hear", "roster")):
        return "no: what happens there is unknown"
    return "no: a person does it, or it is left out"
