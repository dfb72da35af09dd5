"""`qunyun schema`: what editors and people are given of the format."""

import json
from pathlib import Path

import jsonschema

from tests.integration.commands.running import qunyun


def test_the_schema_is_printed():
    code, out, err = qunyun("schema")

    assert (code, err) == (0, "")
    jsonschema.Draft202012Validator.check_schema(json.loads(out))
    assert "免打扰" in out


def test_the_schema_is_written_to_a_file(folder: Path):
    assert qunyun("schema", "--language", "en", "--out", "pack.json") == (0, "", "")

    written = json.loads((folder / "pack.json").read_text("utf-8"))
    assert written["$defs"]["Pack"]["properties"]["steps"]["description"].startswith("the SOP")


def test_tables_of_all_keys_are_printed():
    out = qunyun("schema", "--keys", "--language", "zh").out

    assert out.startswith("### Pack\n")
    assert "| `timezone` |" in out


def test_what_cannot_be_is_said_without_a_traceback(folder: Path):
    code, out, err = qunyun("schema", "--language", "fr")
    assert (code, out, "use en or zh" in err) == (2, "", True)

    code, out, err = qunyun("schema", "--out", "nowhere/pack.json")
    assert (code, out, "cannot be written" in err) == (1, "", True)
