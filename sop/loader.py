"""From the bytes of a pack file to a checked pack, with all its problems at once.

Problems of form do not hide those of meaning: guilty parts are cut out of the data (never out
of the names that others may refer to), and what is left is checked as well.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

from sop import check, yaml_source
from sop.bindings import Binding
from sop.check_subject import Subject
from sop.names import Names
from sop.pack import Pack
from sop.partial import placed, problem_at, typed
from sop.problems import Problem, in_order

# What the pack cannot be without, while the rest of it is checked.
_STAND_INS: Final[Mapping[str, Any]] = {
    "pack": "pack",
    "title": "pack",
    "timezone": "Asia/Shanghai",
    "steps": [],
}


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
    tree, problems = yaml_source.compose(data, file)
    if tree is None or not isinstance(tree.data, dict):
        return None, problems or (_not_a_pack(file),)

    rest, pack, form = typed(Pack, tree.data, _STAND_INS)
    told = [*problems, *(problem_at(each, each.path, tree, file) for each in form)]
    if pack is not None:
        names = Names.of(tree.data)
        subject = Subject(pack=pack, names=names, files=files, groups=groups, today=today)
        told += placed(check.findings(subject), rest, form, tree, file)
    failed = any(problem.severity == "error" for problem in told)
    return None if failed else pack, in_order(told)


def _not_a_pack(file: str) -> Problem:
    message = "a pack is a mapping that begins with pack, title, timezone and steps"
    return Problem(file=file, line=1, column=1, path="", message=message, fatal=True)
