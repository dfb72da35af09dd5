import pytest

from benchmarks import corpus
from sop.detectors.detectors import build
from sop.detectors.verdicts import Verdict
from tests.unit.sop.saying import said


def judged(text: str, kind: str = "ads", *, has_image: bool = False, **params: object) -> Verdict:
    verdict = build(kind, params)(said(text, has_image=has_image))
    assert verdict is not None
    return verdict


@pytest.mark.parametrize(
    "text",
    [
        "宝妈兼职日结300，在家就能做，加V信 abc12345 了解",
        "学生党副业，日赚两百不收押金，感兴趣的加微信 zhuanqian88",
        "加　Ｖ　ｘ：abc12345，刷單返利，多勞多得",
        "专业代开发票，各地都能开，电话 13812345678",
        "低息贷款当天放款，凭身份证即可，咨询热线 400-123-4567",
        "本店周年庆全场五折起，限时特价，买一送一，地址见 https://shop.evil.cn",
        "高仿名表一手货源，支持验货，+微 biaoge666",
        "今晚六合彩特码公布，进群领取，群号 123456789",
        "诚招代理，零投入，一件代发，详情加我 微信号：daili2026",
        "日\u200b结\u200b兼\u200b职，扣1拉你进群",
    ],
)
def test_adverts_are_found(text: str) -> None:
    verdict = judged(text)

    assert verdict.violated, verdict.signals
    assert len(verdict.signals) >= 1


@pytest.mark.parametrize(
    "text",
    [
        "目录像地图，先看路再走",
        "加我微信吧，我把资料发你",
        "周末聚会的事加我微信 lisi12345 细说",
        "我的电话 13812345678，到楼下了打给我",
        "这本书纸质版 45 元，电子版 12 元，你们买哪个",
        "推荐一篇好文 https://example.org/reading 讲得很透",
        "谁有上次读书会的二维码？我没扫上码",
        "做兼职的同学怎么安排读书时间？",
        "又有人发刷单返利的广告，大家别信，都是骗子",
        "书店周年庆满减，我们要不要一起拼单",
        "会议号 123456789，大家一会儿进",
        "贷款那一章讲复利，我没看懂",
        "群主能不能拉我朋友进群？他也想读这本",
        "快递单号 7312345678901，麻烦查一下",
        "今天抢购到了签名版，好开心",
        "老板说佣金的算法要改，下周开会讨论",
        "第 400 页和第 020 页的图对不上",
    ],
)
def test_ordinary_talk_of_prices_links_and_contacts_passes(text: str) -> None:
    verdict = judged(text)

    assert not verdict.violated, verdict.signals


def test_a_verdict_names_every_signal_with_its_weight_and_evidence() -> None:
    verdict = judged("宝妈兼职日结300，在家就能做，加微信 abc12345 了解")

    assert {signal.name for signal in verdict.signals} == {"call", "lure", "messenger", "wording"}
    assert all(signal.weight and signal.evidence for signal in verdict.signals)
    assert verdict.plain == "宝妈兼职日结300,在家就能做,加微信 abc12345 了解"


def test_a_message_that_passes_shows_what_was_seen_too() -> None:
    verdict = judged("加我微信吧，我把资料发你")

    assert not verdict.violated
    assert 0 < verdict.confidence < 0.5
    assert [signal.name for signal in verdict.signals] == ["call", "wording"]


def test_confidence_grows_with_the_evidence() -> None:
    some, more = judged("兼职日结"), judged("兼职日结，加微信 abc12345")

    assert some.confidence < more.confidence


@pytest.mark.parametrize(
    ("sensitivity", "violated"),
    [
        pytest.param("low", False, id="low needs more"),
        pytest.param("normal", True, id="normal"),
        pytest.param("high", True, id="high"),
    ],
)
def test_sensitivity_moves_the_threshold(sensitivity: str, *, violated: bool) -> None:
    text = "会修电脑，价格优惠，需要的私我"

    assert judged(text, sensitivity=sensitivity).violated is violated


def test_high_sensitivity_finds_what_normal_lets_pass() -> None:
    text = "专修电脑，需要的联系我"

    assert not judged(text).violated
    assert judged(text, sensitivity="high").violated


def test_an_allowed_domain_is_no_signal() -> None:
    text = "全场特价 https://shop.example.com 快来"

    with_link = judged(text)
    without = judged(text, allow_domains=["example.com"])

    assert "link" in {signal.name for signal in with_link.signals}
    assert "link" not in {signal.name for signal in without.signals}


def test_an_allowed_phrase_is_cut_out_before_weighing() -> None:
    text = "兼职群友福利：学生兼职、日结，联系客服 13812345678"

    assert judged(text).violated
    assert not judged(text, allow=["学生兼职", "兼职", "日結", "13812345678"]).violated


def test_an_allowed_phrase_is_read_as_messages_are() -> None:
    text = "兼职日结，加V❤ helper01 了解"

    assert judged(text).violated
    assert "messenger" not in {one.name for one in judged(text, allow=["加V❤ helper01"]).signals}


def test_an_empty_allow_list_allows_nothing() -> None:
    assert judged("专业代开发票，电话 13812345678", allow=["", "\u200b"]).violated


def test_a_poster_beside_a_call_weighs_more() -> None:
    text = "名额有限，扫码了解"

    assert judged(text, has_image=True).confidence > judged(text).confidence
    assert judged("早", has_image=True).signals == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("我的手机 138-1234-5678".replace("-", " "), "phone", id="a mobile phone"),
        pytest.param("打 400-123-4567", "hotline", id="a hotline"),
        pytest.param("座机 010-12345678", "hotline", id="a fixed line"),
        pytest.param("微信号：zhang_san1", "messenger", id="a WeChat id"),
        pytest.param("薇信 zhangsan88", "messenger", id="a disguised WeChat id"),
        pytest.param("扣扣 12345678", "messenger", id="a QQ number"),
        pytest.param("ＱＱ：１２３４５６", "messenger", id="in full width"),
        pytest.param("加v zhang123", "messenger", id="a shorthand"),
        pytest.param("群号 123456789", "group", id="a group number"),
        pytest.param("写到 a.b@example.com.cn 吧", "mail", id="a mail address"),
    ],
)
def test_contact_finds_ways_to_reach_somebody(text: str, name: str) -> None:
    verdict = judged(text, "contact")

    assert verdict.violated
    assert verdict.signals[0].name == name


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("微信读书里有", id="a product"),
        pytest.param("1381234567", id="a digit short of a phone"),
        pytest.param("138123456789", id="a digit more than a phone"),
        pytest.param("一共 12345 人", id="a number"),
        pytest.param("qq 群里说", id="a messenger without an id"),
        pytest.param("@张三 你看", id="a mention"),
    ],
)
def test_contact_leaves_other_talk_alone(text: str) -> None:
    verdict = judged(text, "contact")

    assert not verdict.violated, verdict.signals


def test_contact_allows_what_the_pack_names() -> None:
    text = "找小助手：微信号 Helper_01，电话 13812345678"

    assert judged(text, "contact", allow=["helper_01"]).violated
    assert not judged(text, "contact", allow=["helper_01", "138 1234 5678"]).violated


def test_between_the_two_thresholds_people_are_asked() -> None:
    verdict = judged("专修电脑，需要的联系我")

    assert verdict.doubtful
    assert not verdict.violated


@pytest.mark.parametrize(
    "text",
    [
        "有人私信我“兼职日结300，加微信 abc12345”，这是不是骗子",
        "刚才群里有人发：低息贷款当天放款，加V abc12345 已经踢了，大家注意",
        "转发一个骗局给大家提个醒：刷单返利，扣1拉你进群",
        "这种「宝妈兼职日结，加微信abc12345」的别信",
        "提醒大家：宝妈兼职日结300，加V信 abc12345 这种都是骗子",
        "提醒一下：有人在群里发“宝妈兼职日结300，加V信 abc12345”",
        "“宝妈兼职日结300，加V信 abc12345”靠谱吗",
    ],
)
def test_quoting_an_advert_to_warn_of_it_is_no_advert(text: str) -> None:
    verdict = judged(text)

    assert not verdict.violated, verdict.signals
    assert "warning" in {signal.name for signal in verdict.signals}


def test_a_warning_word_does_not_clear_an_advert() -> None:
    assert judged("骗子太多，我们是正规平台，兼职日结300，加微信 abc12345").violated


@pytest.mark.parametrize("word", ["提醒一下", "温馨提醒", "转发"])
def test_a_word_that_only_introduces_an_advert_does_not_warn_of_it(word: str) -> None:
    assert judged(f"{word}：本店周年庆全场五折起，限时特价，买一送一，扫码进群").violated


def test_a_harmless_sentence_in_front_hides_nothing() -> None:
    front = "今天读完了第三章，作者说的目录像地图，先看路再走，很有启发，晚上大家一起聊聊。"

    assert judged(front + "宝妈兼职日结300，在家就能做，加V信 abc12345 了解").violated


@pytest.mark.parametrize(
    "text",
    [
        "宝妈兼植日洁300，在家就能做，嘉薇 abc12345",
        "宝妈兼/职/日/结300，在家就能做，➕Ｖ❤：abc12345",
        "寶媽兼職日結300，在家就能做。加 v x abc12345",
    ],
)
def test_a_disguise_is_seen_through_and_counts_itself(text: str) -> None:
    verdict = judged(text)

    assert verdict.violated, verdict.signals
    assert verdict.plain.startswith("宝妈兼职")
    assert "加微信" in verdict.plain
    assert "disguise" in {signal.name for signal in verdict.signals}


def test_a_link_to_a_site_everybody_knows_is_no_signal() -> None:
    verdict = judged("报名表 https://docs.qq.com/form/abc 周五截止")

    assert "link" not in {signal.name for signal in verdict.signals}


@pytest.mark.parametrize(
    "text", ["👍👍👍", "https://docs.qq.com/a", "\ud800", "\u202e\u202d", "啊" * 9_000]
)
def test_what_holds_no_words_is_judged_too(text: str) -> None:
    assert not judged(text).violated


def test_wording_that_only_adverts_have_is_enough_and_shown() -> None:
    verdict = judged("手工牛轧糖，当天现做，顺丰发货，想吃的滴我")

    assert verdict.violated
    assert [one.name for one in verdict.signals] == ["wording"]
    assert not judged("这套护肤用了一个星期白了一个度，素颜都敢出门").violated


@pytest.mark.parametrize(
    "text", ["嗯", "哈哈哈哈", "今天读完了第三章，作者说的目录像地图，很有启发"]
)
def test_what_holds_no_evidence_is_not_weighed_at_all(text: str) -> None:
    assert judged(text).signals == ()


@pytest.mark.parametrize(
    "text",
    [
        "剪直日姐，加我维信",
        "加加微微信信，日日结结兼兼职职",
        "刷，单，返，利，速，来",
        "彳攴亻言领彳正",
    ],
)
def test_a_disguise_of_plain_characters_is_not_taken_for_plain_talk(text: str) -> None:
    assert "disguise" in {signal.name for signal in judged(text).signals}


def test_an_advert_in_homophones_is_read_as_it_sounds() -> None:
    verdict = judged("代款方款快，利希低，黑胡也能办，佳我了解")

    assert verdict.violated, verdict.signals
    assert "homophones" in {signal.name for signal in verdict.signals}


def test_a_number_that_only_begins_like_a_hotline_is_none() -> None:
    assert "hotline" not in {signal.name for signal in judged("改天细聊 3202:400111668").signals}


def test_what_is_silent_at_first_sight_is_so_when_looked_at_closely() -> None:
    """The sign in front hides nothing and says nothing, but nothing is taken as open behind it."""
    lines = corpus.lines()[::23]
    silent = [line for line in lines if judged(line.text).signals == ()]
    acted = [line for line in silent if judged("<" + line.text).violated]

    assert len(silent) >= 50
    assert not [line.text for line in acted if not line.is_advert]
    assert len(acted) <= sum(line.is_advert for line in lines) / 40


@pytest.mark.parametrize(
    "text",
    [
        "有货了 13812345678",
        "有货了 400 123 4567",
        "有货了，扣扣 12345678",
        "有货了，薇信 12345678",
        "有货了，裙 123456789",
        "有货了，1-3-8-1-2-3-4-5-6-7-8",
        "有货了，一三八一二三四五六七八",
        "有货了 82345678",
        "大的15元，小的12元",
    ],
)
def test_a_number_to_reach_somebody_by_is_evidence(text: str) -> None:
    assert {one.name for one in judged(text).signals} - {"wording"}


@pytest.mark.parametrize(
    "text",
    [
        "有人私信我：「刷➕单，加V❤ abc12345 看 https://evil.top/x 兼/职/日/结」别信",
        "大家小心，刚收到短信：点 https://evil.top/x 领红包，兼/职/日/结 加V❤ abc12345",
        "“加V❤ abc12345” 和 “https://evil.top 领取” 都是骗子，刚才有人私信：加Ｖ信 abc12345",
    ],
)
def test_links_and_disguises_of_somebody_elses_advert_are_not_the_warners(text: str) -> None:
    verdict = judged(text, sensitivity="high")

    assert not verdict.violated, verdict.signals
    assert not verdict.doubtful, verdict.signals
    assert {"link", "disguise"}.isdisjoint(one.name for one in verdict.signals)


def test_a_warners_own_link_and_disguise_are_seen() -> None:
    text = "「日结300」别信，是骗子！加V❤ abc12345 看 https://evil.top/x"

    assert {"link", "disguise"} <= {one.name for one in judged(text).signals}


def test_an_article_of_an_official_account_is_not_disguised() -> None:
    assert judged("https://mp.weixin.qq.com/s/abcdefgh").signals == ()


@pytest.mark.parametrize(
    "text",
    [
        "“大家注意了，宝妈兼职日结300，在家就能做，加V信 abc12345 了解”",
        "看看这个「小心错过，低息贷款当天放款，黑户也行，加V abc12345」",
        "温馨提醒：“本店周年庆全场五折起，限时特价，买一送一，扫码进群”",
    ],
)
def test_an_advert_in_quotation_marks_warns_of_nothing_by_itself(text: str) -> None:
    assert judged(text).violated


def test_what_was_taken_out_of_the_group_may_be_told_of() -> None:
    text = "刚被移走的那条是“恋爱话术库五百条，直接复制发给女神，十九块九拿走”，没看到的不用问了"

    assert not judged(text).violated
