"""The pages on the format of a pack say what the loader and the schema say."""

import re
from pathlib import Path

import pytest

from sop.checks.loader import load_pack
from sop.schema import format_tables
from sop.schema.format_words import Language
from sop.triggers import triggers
from sop.yaml import yaml_source

DOCS = Path(__file__).parents[2] / "docs"
PAGES: dict[Language, Path] = {"en": DOCS / "sop-format.md", "zh": DOCS / "sop-format.zh-CN.md"}
ALL_KEYS = {"en": "## All keys\n", "zh": "## 全部的键\n"}
TRIGGERS = {"en": "## Triggers", "zh": "## 触发"}

each_page = pytest.mark.parametrize("language", PAGES)


def text_of(language: Language) -> str:
    return PAGES[language].read_text("utf-8")


@each_page
def test_the_tables_of_keys_are_those_of_the_models(language: Language) -> None:
    written = text_of(language).split(ALL_KEYS[language])[1]
    tables = written[written.index("### ") :].strip()

    assert tables == format_tables.tables(language), (
        f"print them anew: qunyun schema --keys --language {language}"
    )


@each_page
def test_every_example_is_a_clean_pack(language: Language) -> None:
    fences = re.findall(r"```yaml\n(.*?)```", text_of(language), re.DOTALL)

    assert len(fences) >= 2
    for fence in fences:
        pack, problems = load_pack(fence.encode(), "page.yaml", frozenset())
        assert pack is not None
        assert [str(problem) for problem in problems] == []


@each_page
def test_every_trigger_of_the_page_is_one(language: Language) -> None:
    section = text_of(language).split(TRIGGERS[language])[1].split("\n## ")[0]
    forms = [
        form
        for line in section.splitlines()
        if line.startswith("| `")
        for form in re.findall(r"`([^`]+)`", line.split("|")[1])
    ]

    assert len(forms) > 30
    for form in forms:
        tree, _ = yaml_source.compose(f"when: {form}".encode(), "page.yaml")
        assert tree is not None
        assert isinstance(tree.data, dict)
        assert triggers.parse_trigger(tree.data["when"]), form
    assert all(any(f"{{{kind}:" in form for form in forms) for kind in triggers.FORMS)


def test_the_pages_are_twins() -> None:
    english, chinese = (PAGES[language].read_text("utf-8") for language in ("en", "zh"))

    assert re.findall(r"^#+ ", english, re.MULTILINE) == re.findall(r"^#+ ", chinese, re.MULTILINE)
    for mark in ("|", "* ", "```"):
        counted = [
            sum(line.startswith(mark) for line in page.splitlines()) for page in (english, chinese)
        ]
        assert counted[0] == counted[1], mark
