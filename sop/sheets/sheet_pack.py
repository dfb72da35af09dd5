"""Writes the pack that a table becomes: YAML an operator can read and go on with."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sop.problems import Problem
from sop.sheets.sheet import SheetProblem
from sop.sheets.sheet_rows import Draft
from sop.sheets.sheet_says import Says
from sop.sheets.sheet_words import packaged
from sop.yaml.yaml_values import resolve

_LONGEST_COMMENT = 200
_TEXT = ("text", "title")
_ROLES: Mapping[str, Sequence[str]] = {
    "image": ("image",),
    "when": ("day", "nth", "time"),
    "title": ("title",),
    "in": ("group",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A pack's text, and the draft each of its lines (from 1) comes from."""

    text: str
    origins: Mapping[int, Draft]

    def traced(self, problem: Problem) -> SheetProblem:
        """Return a problem of the pack as one of the row it comes from; else of no sheet."""
        draft = self.origins.get(problem.line)
        key = problem.path.rpartition(".")[2]
        hint = f" (did you mean {problem.suggestion}?)" if problem.suggestion else ""
        return SheetProblem(
            sheet=draft.sheet if draft else "",
            row=draft.row if draft else 1,
            column=_column(draft, _ROLES.get(key, _TEXT)) if draft else 1,
            message=f"{problem.message}{hint}",
            severity=problem.severity,
        )


def _column(draft: Draft, roles: Sequence[str]) -> int:
    return next((draft.columns[role] for role in roles if role in draft.columns), 1)


def write_pack(
    drafts: Sequence[Draft], *, pack: str, title: str, timezone: str, source: str
) -> Written:
    """Return the pack's text; the same drafts give the same text and ids."""
    lines = [*_head(drafts, pack=pack, title=title, timezone=timezone, source=source)]
    origins: dict[int, Draft] = {}
    for step_id, draft in zip(_ids(drafts), drafts, strict=True):
        for line in _step(step_id, draft):
            lines.append(line)
            origins[len(lines)] = draft
    return Written(text="\n".join(lines) + "\n", origins=origins)


def _head(
    drafts: Sequence[Draft], *, pack: str, title: str, timezone: str, source: str
) -> Iterator[str]:
    said = packaged()["pack"]
    yield _comment(said["head"].format(file=source))
    if any(draft.words.when.startswith(packaged()["anchors"]["start"][0]) for draft in drafts):
        yield _comment(said["starts"])
    yield f"pack: {pack if isinstance(resolve(pack), str) else _quoted(pack)}"
    yield f"title: {_quoted(title)}"
    yield f"timezone: {timezone}"
    yield ""
    yield "steps:" if drafts else "steps: []"


def _ids(drafts: Sequence[Draft]) -> Iterator[str]:
    """Give each draft the id its time suggests; the second of one time is `d01-0800-2`."""
    seen: Counter[str] = Counter()
    for draft in drafts:
        seen[draft.words.slug] += 1
        count = seen[draft.words.slug]
        yield draft.words.slug if count == 1 else f"{draft.words.slug}-{count}"


def _step(step_id: str, draft: Draft) -> Iterator[str]:
    says = draft.says
    yield f"  {_comment(_origin(draft))}"
    yield f"  - id: {step_id}"
    if says.title:
        yield f"    title: {_quoted(says.title)}"
    yield f"    when: {_quoted(draft.words.when)}"
    if says.where != "regular":
        yield f"    in: {says.where}"
    if says.welcome:
        yield "    batch: 60s"
    yield "    do:"
    yield from _action(says)


def _action(says: Says) -> Iterator[str]:
    if says.kind == "task":
        yield "      - task:"
        yield f"          to: {says.to}"
        yield from _text("          text: ", says.text, 12)
        return
    yield from _text(f"      - {says.kind}: ", says.text, 10)
    if says.mention_all or says.welcome:
        yield f"        mention: {'all' if says.mention_all else 'member'}"
    if says.image:
        yield f"        image: {_quoted(says.image)}"


def _text(start: str, text: str, indent: int) -> Iterator[str]:
    """Write a text: in quotes on one line, else as the lines it has."""
    if "\n" not in text or text[0] == " ":
        yield f"{start}{_quoted(text)}"
        return
    yield f"{start}|-"
    margin = " " * indent
    yield from (f"{margin}{line}" if line else "" for line in text.split("\n"))


def _quoted(text: str) -> str:
    """Return a text in quotes; a JSON string is one of YAML, too."""
    return json.dumps(text, ensure_ascii=False)


def _origin(draft: Draft) -> str:
    said = packaged()["pack"]
    place = said["row"].format(row=draft.row)
    if draft.sheet:
        place = said["sheet"].format(sheet=draft.sheet) + place
    until = [said["until"].format(time=draft.until)] if draft.until else []
    fields = [said["field"].format(name=name, value=value) for name, value in draft.says.comments]
    joined: str = said["joiner"].join([place, *until, *fields])
    return joined


def _comment(text: str) -> str:
    """Return one line of comment."""
    line = " ".join(text.split())
    cut = line if len(line) <= _LONGEST_COMMENT else f"{line[: _LONGEST_COMMENT - 1]}…"
    return f"# {cut}"
