"""Templates: what they may say, what they may not do, and that they stay small."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.pack import templates
from sop.pack.templates import Call, TemplateProblem

CONTEXT = {
    "member": {"name": "陈七"},
    "members": "陈七、赵六",
    "group": {"name": "晨读一群"},
    "texts": {"gift": "{{ say('领取') }} 即可\n", "twice": "{{ texts.gift }}{{ texts.gift }}"},
    "rules": {"charter": "① {{ group.name }}不发广告\n"},
    "top": lambda count=3: [f"第{place}" for place in range(1, count + 1)],
    "say": lambda text: f"发「{text}」",
    "link": lambda name: f"https://example.com/s/{name}",
}


def shown(text: str) -> str:
    return templates.render(text, CONTEXT)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("你好", "你好"),
        ("欢迎 {{ members }}！", "欢迎 陈七、赵六！"),
        ("{{ member.name }} @ {{ group.name }}", "陈七 @ 晨读一群"),
        ("{{ texts.gift }}", "发「领取」 即可"),
        ("{{ texts.twice }}", "发「领取」 即可发「领取」 即可"),
        ("{{ rules.charter }}", "① 晨读一群不发广告"),
        ("{{ top(2)|join('，') }}", "第1，第2"),
        ("{% for each in top() %}{{ each }} {% endfor %}", "第1 第2 第3"),
        ("{% if member.name == '陈七' %}是{% else %}否{% endif %}", "是"),
        ("{{ 'a' ~ link('x') }}", "ahttps://example.com/s/x"),
        ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
        ("  blank around \n", "blank around"),
    ],
)
def test_a_template_says_what_it_should(text: str, result: str):
    assert shown(text) == result


def test_braces_typed_by_a_member_are_never_read():
    context = {**CONTEXT, "member": {"name": "{{ texts.gift }}{% if %}"}}

    assert templates.render("{{ member.name }}", context) == "{{ texts.gift }}{% if %}"


def test_braces_of_a_member_stay_unread_inside_texts():
    context = {"member": {"name": "{{ 1 }}"}, "texts": {"hi": "你好 {{ member.name }}"}}

    assert templates.render("{{ texts.hi }}", context) == "你好 {{ 1 }}"


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__ }}",
        "{{ member.__class__ }}",
        "{{ member.keys }}",
        "{{ say.__globals__ }}",
        "{{ texts.nothing }}",
        "{{ nothing }}",
        "{{ member['name'] }}",
        "{{ texts.gift.upper() }}",
        "{{ say(member.name) }}",
        "{{ say(*members) }}",
        "{{ say() }}",
        "{{ top('x') }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 2 ** 1000000000 }}",
        "{{ 'x'|center(1000000000) }}",
        "{{ '%1000000000d' % 1 }}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% extends 'x' %}",
        "{% set x = 1 %}",
        "{% macro x() %}{% endmacro %}",
        "{% for a in top() %}{% for b in top() %}{% endfor %}{% endfor %}",
        "{% for a in top() recursive %}{{ loop(a) }}{% endfor %}",
        "{{ range(9) }}",
        "{{ lipsum() }}",
        "{{ [1] }}",
        "{{ members is defined }}",
        "{{ 'a' in members }}",
        "{{ members|attr('x') }}",
        "{{ open",
        "{{ (" * 3_000,
        "{% if members %}" * 150 + "{% endif %}" * 150,
        "{{ " + "group.name if group.name else " * 600 + "group.name }}",
        "{{ group.name" + "|trim" * 3_500 + " }}",
        "{{ " + "group.name and " * 1_200 + "group.name }}",
        "{{ group" + ".name" * 3_500 + " }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ top(5).__class__ }}",
        "{{ top(" + "9" * 5_000 + ") }}",
        "{{ 'x' * 10 ** 9 }}",
        "x" * 20_001,
    ],
)
def test_a_template_can_do_nothing_else(text: str):
    with pytest.raises(TemplateProblem):
        shown(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{{ group.name }}", []),
        ("{{ 2 * 3 }} {{ [1] }} {{ 4 * 5 }}", ["may not use *", "may not use list"]),
        ("{{ a|shout }} {{ a|whisper }}", ["has no filter shout", "has no filter whisper"]),
        ("{{ member name }}，{{ group。name }}，{{ 2 * 3 }}", ["one name", "。 does not", "*"]),
        ("{% if members %}{{ member name }}", ["one name", "{% if %} ends with"]),
        ("{% if members %}{{ member.name }}", ["{% if %} ends with"]),
        ("{{ member name }}" * 2 + "{{ open", ["one name", "is not closed"]),
        ("{{ " * 6_000 + "}}" * 900, ["a name is missing", "deep"]),
        ("x" * 20_001, ["longer than"]),
    ],
)
def test_all_that_is_wrong_with_a_template_is_told_at_once(text: str, told: list[str]):
    found = templates.faults(text)

    assert len(found) == len(told)
    for words, each in zip(found, told, strict=True):
        assert each in words


def test_what_a_template_says_is_bounded():
    context = {"texts": {"long": "x" * 15_000, "longer": "{{ texts.long }}" * 5}}

    assert len(templates.render("{{ texts.longer }}", context)) == templates.MAX_OUTPUT


def test_a_loop_is_bounded():
    context = {"top": lambda: list(range(10_000))}

    text = templates.render("{% for each in top() %}x{% endfor %}", context)
    assert len(text) == templates.MAX_ITEMS


def test_texts_that_use_each_other_in_a_circle_are_refused():
    context = {"texts": {"a": "{{ texts.b }}", "b": "{{ texts.a }}"}}

    with pytest.raises(TemplateProblem, match="circle"):
        templates.render("{{ texts.a }}", context)


def test_a_chain_of_texts_too_long_to_follow_is_refused():
    texts = {f"t{n}": f"{{{{ texts.t{n + 1} }}}}" for n in range(1_000)}

    with pytest.raises(TemplateProblem):
        templates.render("{{ texts.t0 }}", {"texts": {**texts, "t1000": "x"}})


def test_texts_that_fan_out_are_rendered_once_each():
    texts = {f"t{n}": f"{{{{ texts.t{n + 1} }}}}" * 50 for n in range(20)}

    assert templates.render("{{ texts.t0 }}", {"texts": {**texts, "t20": ""}}) == ""


def test_a_failing_function_is_a_problem_of_the_template():
    def fail(name: str) -> str:
        raise ValueError(name)

    with pytest.raises(TemplateProblem):
        templates.render("{{ link('x') }}", {"link": fail})


def test_what_a_template_needs_is_known_before_it_is_used():
    uses = templates.uses("{{ member.name }} {{ texts.a }} {{ best('s', 3) }} {{ members }}")

    assert uses.names == {"member.name", "texts.a", "members"}
    assert uses.calls == (Call("best", ("s", 3)),)
    assert templates.names("{% for x in top() %}{{ x }}{{ y }}{% endfor %}") == {"y"}


def test_a_template_is_compiled_once():
    assert templates.compile_template("{{ members }}") is templates.compile_template(
        "{{ members }}"
    )


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="{}%# '\"abi.f()|~=<>[]0\n", max_size=40))
def test_any_text_either_renders_or_is_a_problem(text: str):
    with suppress(TemplateProblem):
        assert isinstance(templates.render(text, {}), str)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="{}%# '\"abi.f()|~=<>[]0\n", max_size=40))
def test_a_template_has_faults_exactly_where_it_may_not_be_used(text: str):
    refused = ""
    try:
        templates.uses(text)
    except TemplateProblem as problem:
        refused = str(problem)
    found = templates.faults(text)

    assert refused in found if refused else found == ()
