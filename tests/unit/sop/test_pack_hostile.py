"""Packs that were made to break the checker: all are answered, soon, and never by an exception."""

import json
import time

import pytest

from sop.checks.loader import load_pack

HEAD = "pack: p\ntitle: t\ntimezone: Asia/Shanghai\n"

# Seconds of CPU for one hostile file: far above what any needs, far below what a runaway takes.
PATIENCE = 20


def post(text: str) -> str:
    return (
        f"{HEAD}steps:\n  - {{id: a, when: group.created, do: [{{post: {json.dumps(text)}}}]}}\n"
    )


def steps(count: int, line: str) -> str:
    return HEAD + "steps:\n" + "".join(line.format(n=n, m=n - 1) for n in range(count))


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)
DOUBLING = "".join(
    f"  s{n}: {{any: [{{segment: s{n + 1}}}, {{segment: s{n + 1}}}]}}\n" for n in range(400)
)
BRANCHES = ", ".join("{{score: '{sign} {n}'}}".replace("{n}", str(n)) for n in range(900))
HOSTILE = {
    "aliases that double": BOMB,
    "lists in lists": "a: " + "[" * 20_000,
    "mappings in mappings": "\n".join(" " * n + "a:" for n in range(600)),
    "bytes of every kind": bytes(range(256)) * 40,
    "a null byte": post("x").encode().replace(b"x", b"\0"),
    "UTF-16": post("x").encode("utf-16"),
    "GB18030": "pack: p\ntitle: 晨读\n".encode("gb18030"),
    "a tab": "pack: p\n\ttitle: t\n",
    "an old version of YAML": "%YAML 1.1\n---\npack: p\n",
    "one word over 1 MiB": b"x" * (1024 * 1024 + 1),
    "an id of a megabyte": f"{HEAD}steps: [{{id: {'a' * 900_000}, when: 08:00 daily, do: []}}]\n",
    "a trigger of a megabyte": f"{HEAD}steps: [{{id: a, when: {'a ' * 400_000}, do: []}}]\n",
    "hyphens that backtrack": f"{HEAD}steps: [{{id: {'a-' * 200_000}A, when: x, do: []}}]\n",
    "a loop without end": post("{% for i in range(10**9) %}x{% endfor %}"),
    "a text without end": post("{{ 'x' * 10**9 }}"),
    "a way out of the sandbox": post("{{ ''.__class__.__mro__[1].__subclasses__() }}"),
    "a file to read": post("{% include '/etc/passwd' %}"),
    "conditions in conditions": post("{% if members %}" * 300 + "{% endif %}" * 300),
    "a chain of choices": post("{{ " + "group.name if group.name else " * 600 + "group.name }}"),
    "a chain of filters": post("{{ group.name" + "|trim" * 3_500 + " }}"),
    "a chain of dots": post("{{ group" + ".name" * 3_500 + " }}"),
    "a number of 5,000 digits": post("{{ top(" + "9" * 5_000 + ") }}"),
    "patterns that backtrack": f"{HEAD}steps: []\nrules: {{checks: [{{id: a, detect: words,"
    " regex: ['((a+)+)+$', '(a|a)*b', '(x+x+)+y']}]}\n",
    "patterns that explode": f"{HEAD}steps: []\nrules: {{checks: [{{id: a, detect: words,"
    r" regex: ['((a{1000}){1000}){1000}', '(.{1,900}){1,900}', '(\pL{900}){9}']}]}" + "\n",
    "a long chain of steps": steps(
        1_500, "  - {{id: s{n}, when: {{after: s{m}}}, do: [{{post: x}}]}}\n"
    ),
    "many wrong steps": steps(1_000, "  - {{id: s{n}, wen: 08:00 daily, do: [{{psot: x}}]}}\n"),
    "many names of nothing": steps(
        1_000, "  - {{id: s{n}, when: 08:00 daily, do: [{{drop: x{n}}}]}}\n"
    ),
    "segments that double": f"{HEAD}steps: []\nsegments:\n{DOUBLING}  s400: {{paid: true}}\n",
    "texts in a long chain": HEAD
    + "steps: []\ntexts:\n"
    + "".join(f"  a{n}: '{{{{ texts.a{n + 1} }}}}'\n" for n in range(1_500)),
    "many ways into the core": f"{HEAD}steps: []\nlayers: {{core: {{enter: {{any: ["
    + BRANCHES.replace("{sign}", ">=").replace("{{", "{").replace("}}", "}")
    + "]}, leave: {any: ["
    + BRANCHES.replace("{sign}", "<").replace("{{", "{").replace("}}", "}")
    + "]}}}\n",
}  # fmt: skip
HARMLESS = {"patterns that backtrack"}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pack_gets_its_problems_soon(name: str):
    data = HOSTILE[name]
    started = time.process_time()

    pack, problems = load_pack(data if isinstance(data, bytes) else data.encode(), "p.yaml")

    assert time.process_time() - started < PATIENCE
    assert (problems == ()) is (name in HARMLESS)
    assert (
        (pack is None) or name in HARMLESS or all(each.severity == "warning" for each in problems)
    )
    assert all(len(str(problem)) < 2_000 for problem in problems)


def test_a_mark_of_the_byte_order_is_no_problem():
    assert load_pack(b"\xef\xbb\xbf" + post("x").encode(), "p.yaml")[1] == ()
