"""From the bytes of a pack file to a checked pack, with all its problems at once.

Problems of form do not hide those of meaning: guilty parts are cut out of the data (never out
of the names that others may refer to), and what is left is checked as well.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sop import kinds
from sop.bindings.bindings import Binding
from sop.checks import check, check_names
from sop.checks.check_subject import Subject
from sop.names import Names
from sop.pack.pack import Pack
from sop.pools import pool_files
from sop.problems import Problem, in_order
from sop.yaml import yaml_source
from sop.yaml.cutting import Rest
from sop.yaml.partial import placed, problem_at, typed
from sop.yaml.schema_problems import Finding
from sop.yaml.yaml_tree import Tree

_ID_LINE: Final = re.compile(rb"^\xef?\xbb?\xbf?pack:[ \t]*[\"']?([A-Za-z0-9_-]+)", re.MULTILINE)

# What the pack cannot be without, while the rest of it is checked.
_STAND_INS: Final[Mapping[str, Any]] = {
    "pack": "pack",
    "title": "pack",
    "timezone": "Asia/Shanghai",
    "steps": [],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """What could be read of a pack: `rest` is what was typed, `form` what was wrong with it."""

    tree: Tree
    data: Mapping[str, Any]
    rest: Rest
    pack: Pack
    form: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackDraft:
    """A pack file that was read once, to be checked when what it is checked against is known.

    `id` is what the file calls itself, as far as that can be told, and empty otherwise; `told`
    are the problems of form.
    """

    file: str
    id: str
    told: tuple[Problem, ...]
    body: _Body | None = None

    def checked(
        self,
        files: Collection[str] | None = None,
        groups: Sequence[Binding] = (),
        today: date | None = None,
    ) -> tuple[Pack | None, tuple[Problem, ...]]:
        """Return the pack, unless there is an error, and every problem; as `load_pack`."""
        body, told = self.body, [*self.told]
        if body is None:
            return None, in_order(told)
        names = Names.of(body.data)
        stock = pool_files.stocked(body.pack, files)
        subject = Subject(pack=stock.pack, names=names, files=files, groups=groups, today=today)
        found, elsewhere = stock.told([*check.findings(subject), *stock.findings])
        told += placed(found, body.rest, body.form, body.tree, self.file)
        told += elsewhere
        twice = check_names.repeated_ids(body.data)
        told += (problem_at(each, each.path, body.tree, self.file) for each in twice)
        failed = any(problem.severity == "error" for problem in told)
        return None if failed else kinds.completed(stock.pack), in_order(told)

    def subject(self, pack: Pack) -> Subject:
        """Return the pack, found sound, as what checks from outside look at."""
        data = self.body.data if self.body else {}
        return Subject(pack=pack, names=Names.of(data), stated=frozenset(data))


def read_pack(data: bytes, file: str) -> PackDraft:
    """Read a pack's bytes, the slow half of loading it. Never raises, whatever the bytes."""
    tree, problems = yaml_source.compose(data, file)
    if tree is None or not isinstance(tree.data, dict):
        told = problems or (_not_a_pack(file),)
        return PackDraft(file=file, id=_likely_id(data), told=told)
    rest, pack, form = typed(Pack, tree.data, _STAND_INS)
    named = tree.data.get("pack")
    body = None
    if pack is not None:
        body = _Body(tree=tree, data=tree.data, rest=rest, pack=pack, form=form)
    return PackDraft(
        file=file,
        id=named if isinstance(named, str) else "",
        told=(*problems, *(problem_at(each, each.path, tree, file) for each in form)),
        body=body,
    )


def load_pack(
    data: bytes,
    file: str,
    files: Collection[str] | None = None,
    groups: Sequence[Binding] = (),
    today: date | None = None,
) -> tuple[Pack | None, tuple[Problem, ...]]:
    """Return the pack, unless there is an error, and every problem in the order of the file.

    `files` names what lies beside the pack (None: existence is not checked). With `groups`,
    what their channels cannot hear is told as warnings; with `today`, that the official
    calendar ends soon. A fatal problem says that the bytes are no pack at all. Never raises,
    whatever the bytes.
    """
    return read_pack(data, file).checked(files, groups, today)


def _likely_id(data: bytes) -> str:
    """What a file that is no YAML calls itself, so that nobody is told that it is not there."""
    found = _ID_LINE.search(data)
    return found[1].decode() if found else ""


def _not_a_pack(file: str) -> Problem:
    message = "a pack is a mapping that begins with pack, title, timezone and steps"
    return Problem(file=file, line=1, column=1, path="", message=message, fatal=True)
