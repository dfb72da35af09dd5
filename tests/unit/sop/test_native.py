"""What of a pack goes into WeCom's own consoles, within their limits, and what does not."""

from sop.bindings.native import Section, native
from tests.builders import pack


def section(yaml_text: str, kind: str) -> Section:
    return next(each for each in native(pack(yaml_text)) if each.kind == kind)


def texts(found: Section) -> list[str]:
    return [block.text for block in found.blocks]


def test_words_are_split_into_rules_of_three_hundred_and_long_ones_are_named():
    words = [f"词{n}" for n in range(301)]
    found = section(
        f"rules: {{checks: [{{id: w, detect: words, any: {[*words, '长' * 33, '词0']}}}]}}",
        "harassment",
    )

    assert [len(text.split("\n")) for text in texts(found)] == [300, 1]
    assert [block.title for block in found.blocks] == [
        "关键词（第 1 条规则）",
        "关键词（第 2 条规则）",
    ]
    assert any("长" * 33 in told for told in found.notes)


def test_what_the_console_cannot_express_is_named_rule_by_rule():
    found = section("""
rules:
  checks:
    - {id: a1, detect: ads}
    - {id: a2, detect: words, all: [甲, 乙], regex: [x+]}
    - {id: a3, detect: links, allow_domains: [example.com]}
    - {id: a4, detect: length, max: 500}
    - {id: a5, detect: flood, messages: 6, within: 30s}
    - {id: a6, detect: repeats, same: 3, within: 10m}
    - {id: a7, detect: mentions, max: 3}
    - {id: a8, detect: contact}
    - {id: a9, detect: topic, words: [股票]}
  ladder: [remind, remove]
""", "harassment")  # fmt: skip

    assert texts(found) == []
    for number in (1, 3, 4, 5, 6, 7, 8, 9):
        assert sum(told.startswith(f"a{number}：") for told in found.notes) == 1, number
    assert sum(told.startswith("a2：") for told in found.notes) == 2
    assert any("500 字" in told for told in found.notes)
    assert any("30s 内 6 条" in told for told in found.notes)
    assert any("提醒 → 移出" in told for told in found.notes)


def test_the_packaged_rumours_are_words_and_what_is_only_observed_is_not():
    found = section("""
rules:
  checks:
    - {id: r, detect: rumours, any: [本地谣言]}
    - {id: o, detect: words, any: [观察词], mode: observe}
""", "harassment")  # fmt: skip

    [words] = [text.split("\n") for text in texts(found)]
    assert "本地谣言" in words
    assert "观察词" not in words
    assert len(words) > 10
    assert any(told.startswith("o：") for told in found.notes)


def test_answers_and_plain_steps_are_replies_others_are_named():
    found = section("""
benefits: [{id: class, title: 精读课, kind: link, value: "https://example.com/c"}]
answers: [{asks: [书单在哪], reply: 在群公告里}]
steps:
  - id: s1
    title: 报名
    when: {says: [怎么报名, 报名]}
    limit: {group: 1/1d}
    do: [{post: [点这里, 或这里], image: a.png}, {offer: class}]
  - {id: s2, when: {says: [甲, 乙], mode: all}, do: [{post: 好}]}
  - {id: s3, when: {says: ["x+"], mode: regex}, do: [{post: 好}]}
  - {id: s4, when: {says: [找人]}, do: [{task: {text: 有人找}}]}
""", "helper")  # fmt: skip

    assert [(block.title, block.text) for block in found.blocks] == [
        ("1：关键词", "书单在哪"), ("1：回复内容", "在群公告里"),
        ("报名：关键词", "怎么报名,报名"), ("报名：回复内容", "点这里\n精读课 https://example.com/c"),
    ]  # fmt: skip
    assert [told[:2] for told in found.notes] == ["s1", "s1", "s1", "s2", "s3", "s4"]


def test_a_welcome_over_three_thousand_bytes_says_by_how_much():
    step = "steps: [{{id: w, when: member.joined, do: [{{post: {}}}]}}]"

    [fits] = section(step.format("欢" * 1000), "welcome").blocks
    [over] = section(step.format("欢" * 1001), "welcome").blocks
    assert fits.too_long == ""
    assert "3 字节" in over.too_long


def test_a_conditional_welcome_is_not_everybodys():
    found = section(
        "steps: [{id: w, when: member.joined, if: {paid: true}, do: [{post: 贵宾}]}]", "welcome"
    )

    assert texts(found) == []
    assert any(told.startswith("w：") for told in found.notes)


def test_the_notice_is_the_charter_and_what_a_new_group_reads_first():
    found = section("""
rules: {charter: 不发广告}
texts: {value: 一起读书}
steps: [{id: c, when: group.created, do: [{post: "{{ texts.value }}：{{ rules.charter }}"}]}]
""", "notice")  # fmt: skip

    assert texts(found) == ["不发广告", "一起读书：不发广告"]


def test_an_empty_pack_has_nothing_to_paste_and_says_so():
    for found in native(pack()):
        assert found.blocks == ()
        assert found.notes
