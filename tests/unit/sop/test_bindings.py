"""groups.yaml: what it becomes, and every way in which it can be wrong."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.bindings import bindings
from sop.bindings.bindings import Binding, Bindings, load_bindings
from sop.times.durations import Span
from sop.yaml import yaml_source

ENVIRON = {"ROBOT_KEY_ALPHA": "key-alpha", "SECRET": "s3cret", "ROBOT_KEY_EMPTY": ""}
WHOLE = """\
communities:
  reading:
    title: 晨读社
    pack: reading-club
    owner: zhang.san
    staff: [li.si]
    core: {id: core, title: 核心书友, channels: {appchat: core2026, aibot: wrkAAA}}
    regular:
      - id: alpha
        title: 晨读一群
        channels: {aibot: wrkBBB, webhook: "${ROBOT_KEY_ALPHA}", robot: wrkCCC}
        starts: 2026-12-01
        override: {quiet: "23:00-07:00"}
      - id: beta
        channels: {customer: wrDDD, archive: wrDDD}
"""


def load(text: str):
    return load_bindings(text.encode(), "groups.yaml", {"reading-club"}, ENVIRON)


def one(group: str) -> list[str]:
    text = (
        "communities:\n  c:\n    pack: reading-club\n    regular:\n"
        f"      - {group}\n"
        "      - {id: other, channels: {aibot: taken}}\n"
    )
    return [str(problem) for problem in load(text)[1]]


@pytest.mark.parametrize("account", ["张三", "@all", "@ALL", "a|b", "li si", "ｌｉ"])
@pytest.mark.parametrize("line", ["owner: {}", "staff: [boss, {}]"])
def test_a_name_is_no_account(line: str, account: str):
    text = f"communities:\n  c:\n    pack: reading-club\n    {line.format(repr(account))}\n"
    read, problems = load(text)

    assert read is None
    (told,) = problems
    assert (told.line, f'"{account}" is no account' in told.message) == (4, True)


@pytest.mark.parametrize("account", ["zhang.san", "Li_Si-2", "a@b.cn", "T100", "woAJ2G-x_Y"])
def test_an_account_is_one_as_wecom_writes_it(account: str):
    read, problems = load(f"communities:\n  c: {{pack: reading-club, owner: '{account}'}}\n")

    assert (read is not None, problems) == (True, ())


def test_titles_that_do_not_tell_apart_are_warned_of():
    night = (
        "  night: {title: 晨读社, pack: reading-club, regular: [{id: a, title: 一, channels: "
        "{aibot: x}}, {id: b, title: 一, channels: {aibot: y}}]}\n"
    )
    read, problems = load(WHOLE + night)

    assert read is not None
    assert [(each.severity, each.path) for each in problems] == [
        ("warning", "communities.night.title"),
        ("warning", "communities.night.regular[1].title"),
    ]


def test_the_file_of_the_design_becomes_communities_and_groups():
    read, problems = load(WHOLE)

    assert problems == ()
    assert read is not None
    (community,) = read.communities
    assert (community.id, community.title, community.pack) == ("reading", "晨读社", "reading-club")
    assert (community.owner, community.staff) == ("zhang.san", ("li.si",))
    assert [(group.id, group.kind) for group in community.groups] == [
        ("core", "core"),
        ("alpha", "regular"),
        ("beta", "regular"),
    ]


def test_a_group_has_its_channels_start_and_overrides():
    read = load(WHOLE)[0]

    assert read is not None
    alpha, beta = read.communities[0].groups[1:]
    assert alpha.channels == {"aibot": "wrkBBB", "webhook": "key-alpha", "robot": "wrkCCC"}
    assert alpha.starts == date(2026, 12, 1)
    assert alpha.override.quiet == Span(start_minute=1380, end_minute=420)
    assert (beta.title, beta.starts, beta.override.quiet) == ("beta", None, None)


def test_keys_are_not_shown_by_repr():
    assert "key-alpha" not in repr(load(WHOLE))
    assert "8888" not in repr(Binding(id="a", title="", kind="core", channels={"webhook": "8888"}))


def test_no_communities_are_no_problem():
    assert load("communities: {}\n") == (Bindings(), ())


@pytest.mark.parametrize(
    ("group", "said"),
    [
        ("{id: other, channels: {aibot: x}}", '6:14: communities.c.regular[1].id: "other" is'),
        (
            "{id: a, channels: {aibot: taken}}",
            "6:39: communities.c.regular[1].channels.aibot: this",
        ),
        (
            "{id: a, channels: {aibt: x}}",
            "5:28: communities.c.regular[0].channels.aibt: there is no",
        ),
        (
            "{id: a, channels: {aibot: x, customer: y}}",
            "5:38: communities.c.regular[0].channels.cust",
        ),
        ("{id: a, channels: {customer: y, appchat: x}}", "appchat cannot be one group"),
        ("{id: a, channels: {}}", "5:27: communities.c.regular[0].channels: must not be empty"),
        ("{id: a}", "5:9: communities.c.regular[0].channels: is missing"),
        ("{id: A b, channels: {aibot: x}}", "is not an id"),
        ("{id: a, channels: {aibot: '${ROBOT_KEY_ALPHA}'}}", "works in webhook only"),
        ("{id: a, channels: {webhook: '${SECRET}'}}", "only variables named ROBOT_KEY_"),
        ("{id: a, channels: {webhook: '${ROBOT_KEY_ZZZ}'}}", "no ROBOT_KEY_ZZZ: set it"),
        ("{id: a, channels: {webhook: '${ROBOT_KEY_EMPTY}'}}", "no ROBOT_KEY_EMPTY: set it"),
        (
            "{id: a, channels: {aibot: x}, starts: 2026-02-30}",
            "5:47: communities.c.regular[0].starts",
        ),
        ("{id: a, channels: {aibot: x}, override: {quite: x}}", "did you mean quiet?"),
        ("{id: a, channels: {aibot: x}, override: {levels: {}}}", "unknown key"),
        ("{id: a, channels: {aibot: x}, override: {budget: {group: x}}}", "is not a cap"),
    ],
)
def test_a_wrong_group_is_told_at_its_place(group: str, said: str):
    problems = one(group)

    assert len(problems) == 1, problems
    assert said in problems[0]


def test_a_literal_key_is_a_warning():
    read, problems = load(
        "communities: {c: {pack: reading-club, regular: [{id: a, channels: {webhook: abc}}]}}"
    )

    assert read is not None
    assert [problem.severity for problem in problems] == ["warning"]


def test_the_same_chat_may_be_bound_by_two_channels_of_one_group():
    assert one("{id: a, channels: {customer: x, archive: x}}") == []


def test_an_unknown_pack_is_told_with_the_nearest():
    problems = load("communities: {c: {pack: reading-clb}}")[1]

    assert [problem.suggestion for problem in problems] == ["reading-club"]
    assert (problems[0].line, problems[0].column) == (1, 25)


def test_all_problems_are_told_at_once():
    text = WHOLE.replace("reading-club", "nope").replace("robot:", "robt:").replace("-12-", "-13-")

    assert [problem.line for problem in load(text)[1]] == [4, 11, 12]


@pytest.mark.parametrize("data", [b"", b"[]", b"a: [", b"\xff"])
def test_what_is_no_groups_file_is_fatal(data: bytes):
    read, problems = load_bindings(data, "groups.yaml", (), {})

    assert read is None
    assert [problem.fatal for problem in problems] == [True]


def masked(data: bytes):
    return bindings.masked(data, yaml_source.compose(data, "g")[0])


def test_literal_keys_are_masked_and_variables_kept():
    text = "a: {webhook: 11112222-3333, other: 1}\nb: {webhook: '${ROBOT_KEY_ALPHA}'}\n"

    kept = masked(text.encode()).decode()
    assert "11112222" not in kept
    assert "3333" in kept
    assert "${ROBOT_KEY_ALPHA}" in kept


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_damaged_file_never_raises(data: st.DataObject):
    source = WHOLE.encode()
    start = data.draw(st.integers(0, len(source)))
    length = data.draw(st.integers(0, 30))
    damaged = source[:start] + data.draw(st.binary(max_size=5)) + source[start + length :]

    assert isinstance(load_bindings(damaged, "g", {"reading-club"}, ENVIRON)[1], tuple)
    assert isinstance(masked(damaged), bytes)


def test_a_key_that_is_a_number_is_masked_too():
    assert b"12345678" not in masked(b"a: {webhook: 12345678}")


def test_nothing_is_kept_of_a_file_that_cannot_be_read():
    assert masked(b"webhook: secret\n\tbroken") == b""
