import asyncio
import logging
from pathlib import Path

import pytest

from bot import confirmations
from bot.channels.sandbox.corp import Corp
from bot.routes import on
from handlers.ports import Context, Outcome
from sop.events import MessageReceived
from sop.model import LearnedText, LedgerEntry, Message, Strike
from tests.integration.live import (
    ALPHA,
    BETA,
    COMMUNITY,
    MINUTE,
    SECOND,
    Live,
    bindings,
    hasty,
    locked,
    pack,
    play,
)

ONLY_ALPHA = bindings(ALPHA)
WEBHOOK = '{id: alpha, title: 一群, channels: {robot: wrkALPHA, webhook: "${ROBOT_KEY_ALPHA}"}}'
TWO = bindings(ALPHA) + bindings(BETA, name="night", title="书友会夜场")


def test_a_mention_is_answered_in_the_callbacks_own_response(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await live.speak("li", "签到")

        assert len(live.seen("passive", "alpha")) == 1
        assert "签到成功" in live.seen("passive")[0]

        async def sent() -> bool:
            return [each.status for each in await live.outgoing()] == ["sent"]

        await live.until(sent)
        await live.skip(5 * MINUTE)
        assert len(live.shown()) == 1

    play(tmp_path, ONLY_ALPHA, story)


def test_a_retry_gets_the_same_answer_and_counts_once(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        said = live.message("li", "签到")
        first, again, later = [await live.post(said) for _ in range(3)]

        assert first == again == later
        assert first[0] == 200
        assert "签到成功" in first[1]
        assert [each.deed for each in await live.rows(LedgerEntry)] == ["checkin"]
        assert len(await live.rows(Message, person__ne=0)) == 1

    play(tmp_path, ONLY_ALPHA, story)


def test_a_nonce_belongs_to_one_message(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        said, at = live.message("li", "签到"), live.clock.now()
        assert (await live.post(said, nonce="n1", at=at))[0] == 200
        assert (await live.post(said, nonce="n1", at=at))[0] == 200

        other = live.message("wang", "签到")
        assert await live.post(other, nonce="n1", at=at) == (403, "")
        assert len(await live.rows(LedgerEntry)) == 1
        assert await live.dead() == []

        assert (await live.post(other, nonce="n2", at=at))[0] == 200
        assert len(await live.rows(LedgerEntry)) == 2

    play(tmp_path, ONLY_ALPHA, story)


def test_an_answer_nobody_waited_for_goes_by_its_response_url_once(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        with locked(live):
            await live.speak("li", "签到")
        assert len(live.seen("unheard")) == 1

        async def handled() -> bool:
            return len(await live.rows(LedgerEntry)) == 1

        await live.until(handled)
        await live.settle()
        assert live.shown() == []

        await live.skip(25 * SECOND)
        assert len(live.seen("post", "alpha")) == 1
        await live.skip(10 * MINUTE)
        assert len(live.shown()) == 1
        assert [each.status for each in await live.outgoing()] == ["sent"]

    play(tmp_path, ONLY_ALPHA, story, answer_s=0.05)


def test_the_app_answers_a_private_message_at_once(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await live.speak("li", "签到")
        await live.speak("li", "积分", None)

        assert live.seen("passive", "")[0].splitlines()[0].endswith("余额 2 分，近期贡献 2 分。")
        await live.skip(MINUTE)
        assert live.seen("dm") == []

    play(tmp_path, ONLY_ALPHA, story)


def test_what_the_group_must_not_read_is_sent_privately_by_the_app(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await live.speak("li", "积分")
        await live.settle()

        assert live.seen("post") == []
        assert len(live.seen("dm")) == 1
        assert live.who("dm") == ["li"]

    play(tmp_path, ONLY_ALPHA, story)


def test_a_group_robot_hears_by_callback_and_speaks_by_webhook(tmp_path: Path) -> None:
    steps = "  - {id: tea, when: {says: [下午茶]}, do: [{post: 茶来了}, {post: 点心也来了}]}\n"

    async def story(live: Live) -> None:
        await live.speak("li", "签到", to="robot")
        assert len(live.seen("passive", "alpha")) == 1

        await live.speak("li", "下午茶", to="robot")
        await live.settle()
        assert live.seen("passive", "alpha")[1:] + live.seen("post", "alpha") == [
            "茶来了",
            "点心也来了",
        ]

    play(tmp_path, bindings(WEBHOOK), story, pack(steps), prepare=_without_aibot)


def _without_aibot(corp: Corp) -> None:
    corp.change_chat("alpha", aibot=False)


def test_thirty_posts_at_once_keep_within_the_robots_twenty_a_minute(tmp_path: Path) -> None:
    posts = ", ".join(f"{{post: 第{number:02}条}}" for number in range(30))
    steps = f"  - {{id: many, when: {{says: [开讲]}}, do: [{posts}]}}\n"
    wanted = [f"第{number:02}条" for number in range(30)]

    async def story(live: Live) -> None:
        await live.speak("li", "开讲", to="robot")
        await live.settle()
        passive, early = live.seen("passive", "alpha"), live.seen("post", "alpha")
        assert len(early) == 20
        assert passive + early == wanted[:21]

        await live.skip(61 * SECOND)
        assert passive + live.seen("post", "alpha") == wanted
        await live.skip(10 * MINUTE)
        assert passive + live.seen("post", "alpha") == wanted
        assert {each.status for each in await live.outgoing()} == {"sent"}
        assert {each.attempts for each in await live.outgoing()} == {1}

    play(tmp_path, bindings(WEBHOOK), story, pack(steps), prepare=_without_aibot)


def test_a_chat_that_is_not_bound_is_told_the_line_to_add_and_stands_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.reception")

    async def story(live: Live) -> None:
        await live.speak("li", "签到", "beta")

        assert len(live.seen("passive", "beta")) == 1
        assert "channels: {aibot: wrkBETA}" in live.seen("passive", "beta")[0]
        (line,) = caplog.messages
        assert line.startswith("message from a chat that is not bound")
        assert line.endswith("wrkBETA")
        assert await live.rows(Message) == []

    play(tmp_path, ONLY_ALPHA, story)


def test_somebody_of_two_communities_is_asked_which_and_then_remembered(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await live.speak("li", "签到", "alpha")
        await live.speak("li", "签到", "beta")
        await live.speak("li", "签到", "beta")
        await live.speak("li", "积分", None)
        asked = live.seen("passive", "")
        assert len(asked) == 1
        assert "书友会夜场" in asked[0]
        assert "余额" not in asked[0]

        # The longer title is meant where one begins with the other.
        await live.speak("li", "书友会夜场 积分", None)
        assert "余额" in live.seen("passive", "")[1]
        ours = await live.rows(Message, community="night", group="")
        assert [each.text for each in ours] == ["积分"]

        await live.speak("li", "积分", None)
        assert "余额" in live.seen("passive", "")[2]
        assert len(await live.rows(Message, community="night", group="", person__ne=0)) == 2
        assert await live.dead() == []

    play(tmp_path, TWO, story)


def test_answers_written_just_before_the_end_are_not_given_again(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await asyncio.gather(*(live.speak(who, "签到") for who in ("li", "wang", "zhao")))
        assert len(live.seen("passive")) == 3
        await live.stop()
        await live.again()
        await live.skip(MINUTE)

        assert len(live.shown()) == 3
        assert {each.status for each in await live.outgoing()} == {"sent"}

    play(tmp_path, ONLY_ALPHA, story)


def test_an_answer_confirmed_while_the_database_is_locked_is_not_given_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty(monkeypatch)

    async def story(live: Live) -> None:
        await live.speak("li", "签到")
        with locked(live):
            await asyncio.sleep(5 * confirmations.CONFIRM_S)
            assert live.bot.reception._confirmations._written
        await live.skip(MINUTE)

        assert len(live.shown()) == 1
        assert [each.status for each in await live.outgoing()] == ["sent"]

    play(tmp_path, ONLY_ALPHA, story)


def test_a_private_message_that_dies_belongs_to_its_community(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await live.speak("boss", "坏了", None)

        assert [each.community for each in await live.dead()] == [COMMUNITY]

    play(tmp_path, ONLY_ALPHA, story, routing=[on(MessageReceived, explode)])


def explode(event: MessageReceived, context: Context) -> Outcome:
    raise ZeroDivisionError(event.text)


RULES = "rules: {checks: [{id: ads, detect: ads}], ladder: [remind-privately]}\n"
WITH_APP = "{id: alpha, title: 一群, channels: {aibot: wrkALPHA, app: on}}"
ADVERT = "本周六下午老地方，带上身份证，名额不多"


def test_staff_quote_an_advert_that_the_bot_never_heard_and_nobody_is_guessed(
    tmp_path: Path,
) -> None:
    async def story(live: Live) -> None:
        await live.speak("li", "签到")
        await live.speak("helper", "广告", quote=ADVERT)
        [learned] = await live.rows(LearnedText)
        assert (learned.label, await live.rows(Strike)) == ("advert", [])
        await live.until(lambda: any("没有处理任何人" in each for each in live.seen("dm")))

        await live.speak("wang", ADVERT)
        assert len(await live.rows(Strike)) == 1
        await live.speak("helper", "误判", quote=ADVERT)
        [strike] = await live.rows(Strike)
        assert strike.reversed_at
        await live.until(lambda: any("抱歉打扰" in each for each in live.seen("dm")))

    play(tmp_path, bindings(WITH_APP), story, pack(more=RULES))


def test_no_words_to_the_ai_bot_remain_without_an_answer(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        rumour = "不转不是中国人，看完马上转发"
        for words in ("你好呀", "在吗在吗", rumour, f"签到 {rumour}"):
            await live.speak("li", words)

        pointed, listening, noted, done = live.seen("passive", "alpha")
        assert "帮助" in pointed
        assert (listening, noted) == ("我在。", "收到。")
        assert "签到成功" in done

    rules = "rules: {checks: [{id: rumours, detect: rumours}]}\n"
    silent = pack(more=rules).replace("    message: {points: 1}\n", "")
    play(tmp_path, ONLY_ALPHA, story, silent)
