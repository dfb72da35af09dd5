"""The only reader of YAML: plain data with the place of every value, and all that is wrong.

Reads one document of YAML 1.2 in UTF-8 within fixed limits.
"""

from functools import cache
from importlib import resources
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from sop.problems import Problem
from sop.yaml.yaml_complaints import complaint
from sop.yaml.yaml_tree import Composer, Flat, Node, Tree, UnusableYamlError

MAX_BYTES: Final = 1024 * 1024

# The pure-Python scanner raises these, too, on directives, escapes and markers it cannot use.
_BROKEN: Final = (
    YAMLError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    NotImplementedError,
    RecursionError,
)


def compose(data: bytes, file: str) -> tuple[Tree | None, tuple[Problem, ...]]:
    """Read one document; without a tree the one problem is fatal, else there may be several."""
    try:
        root = _composed(_decoded(data))
        flat = Flat()
        tree = Tree(data=flat.add(root, (), 0), values=flat.values, keys=flat.keys)
    except UnusableYamlError as broken:
        return None, (_fatal(file, broken),)
    problems = tuple(
        Problem(file=file, line=place.line, column=place.column, path=place.path, message=message)
        for place, message in flat.problems
    )
    return tree, problems


@cache
def load_packaged(name: str, folder: str = "words") -> Any:
    """Return the plain data of a YAML file in a folder of `sop`; not to be changed."""
    tree, problems = compose(resources.files("sop").joinpath(folder, name).read_bytes(), name)
    if tree is None or problems:
        raise ValueError(str(problems[0]))
    return tree.data


def _fatal(file: str, broken: UnusableYamlError) -> Problem:
    return Problem(
        file=file,
        line=broken.line,
        column=broken.column,
        path="",
        message=broken.message,
        fatal=True,
    )


def _decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise UnusableYamlError(
            1, 1, "the file is over 1 MiB: keep long lists in files of their own"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        line, column = _line_and_column(before)
        raise UnusableYamlError(
            line, column, "this is not UTF-8: save the file as UTF-8"
        ) from None
    if not text.strip():
        raise UnusableYamlError(1, 1, "the file is empty")
    return text


def _line_and_column(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _composed(text: str) -> Node:
    composer = Composer()
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            composer.see(event)
    except ReaderError as error:
        line, column = _line_and_column(text[: error.position])
        message = "this character is not allowed in YAML: remove it"
        raise UnusableYamlError(line, column, message) from None
    except MarkedYAMLError as error:
        raise _syntax(error, composer, text) from None
    except _BROKEN:
        raise UnusableYamlError(composer.line, composer.column, "this is not YAML") from None
    if composer.root is None:
        raise UnusableYamlError(1, 1, "the file is empty")
    return composer.root


def _syntax(error: MarkedYAMLError, composer: Composer, text: str) -> UnusableYamlError:
    mark = error.problem_mark or error.context_mark
    said = f"{error.context or ''} {error.problem or ''}".strip()
    line, column = composer.line, composer.column
    if mark is not None:
        begun = error.context_mark or mark
        spots = (mark.line, mark.column), (begun.line, begun.column)
        line, column, said = complaint(said, *spots, text)
    return UnusableYamlError(line, column, f"this is not YAML: {said}")
