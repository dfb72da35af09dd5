"""Pools as YAML: a list of texts and items, as it would stand in the pack itself."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sop.fields.pack_types import plain_text
from sop.pools.pool_items import Found, field_of, made, problem, unknown_field
from sop.yaml import yaml_source
from sop.yaml.yaml_tree import Tree


def read_list(data: bytes, file: str) -> Iterator[Found]:
    """Yield the items of a YAML list, and all that is wrong with it, in order."""
    tree, told = yaml_source.compose(data, file)
    if told:
        yield Found(
            file, told[0].line, problems=tuple(replace(each, fatal=False) for each in told)
        )
    if tree is None:
        return
    if not isinstance(tree.data, list):
        message = "a pool is a list of texts and items: begin each with a dash"
        yield Found(file, 1, problems=(problem(file, 1, message),))
        return
    for index, value in enumerate(tree.data):
        yield _item(tree, index, value, file)


def _item(tree: Tree, index: int, value: object, file: str) -> Found:
    line = tree.place((index,)).line
    text = plain_text(value)
    if isinstance(text, str):
        return made(file, line, {"text": text})
    if not isinstance(value, Mapping):
        message = "an item is a text, or fields such as {text: …, image: …}"
        return Found(file, line, problems=(problem(file, line, message),))
    wrong = []
    for key in value:
        if not field_of(str(key)):
            place, (message, near) = tree.key_place((index, key)), unknown_field(str(key))
            wrong.append(
                problem(file, place.line, message, column=place.column, path=place.path, near=near)
            )
    known = {field_of(str(key)): each for key, each in value.items() if field_of(str(key))}
    if not wrong:
        return made(file, line, known)
    more = made(file, line, known).problems
    return Found(file, line, problems=(*wrong, *(each for each in more if each.path)))
