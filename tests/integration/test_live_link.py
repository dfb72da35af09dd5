from pathlib import Path

import pytest

from bot import reception
from bot.channels.sandbox.corp import Corp
from bot.channels.wecom import link as link_module
from sop import texts
from sop.model import LedgerEntry, Message
from tests.integration.live import ALPHA, BETA, MINUTE, Live, bindings, hasty, locked, pack, play

ONLY_ALPHA = bindings(ALPHA)
TEA = pack("  - {id: tea, when: 08:00 daily, do: [{post: 早安}]}\n")


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_module, "_FIRST_DELAY", 0.01)


async def up(live: Live) -> None:
    await live.until(lambda: live.sandbox.link.up and live.bot.link is not None)
    assert live.bot.link is not None
    link = live.bot.link
    await live.until(lambda: link.state == "up")


async def checked_in(live: Live, times: int) -> None:
    async def answered() -> bool:
        await live.settle()
        return len([text for text in live.seen("post", "alpha") if "签到成功" in text]) == times

    await live.until(answered)


def test_a_message_of_the_link_is_answered_with_its_own_req_id(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await up(live)
        live.corp.fail_next("aibot_send_msg", errcode=93006, times=9)
        await live.speak("li", "签到")
        await checked_in(live, 1)
        sent = await live.outgoing()
        assert [(each.channel, each.status) for each in sent] == [("link", "sent")]
        assert sent[0].route["req_id"]
        assert (await live.get("/readyz"))[0] == 200

    play(tmp_path, ONLY_ALPHA, story, link=True)


def test_a_step_speaks_first_on_the_link(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await up(live)
        await live.speak("li", "签到")
        await checked_in(live, 1)
        await live.advance(24 * 60 * MINUTE)
        assert live.seen("post", "alpha").count("早安") == 1

    play(tmp_path, ONLY_ALPHA, story, TEA, link=True)


def test_a_link_that_is_cut_comes_back_and_what_waited_goes_out(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await up(live)
        await live.speak("li", "签到")
        await checked_in(live, 1)
        for _ in range(3):
            await live.sandbox.link.close()
            await live.until(lambda: not live.sandbox.link.up)
            await up(live)
        await live.speak("wang", "签到")
        await checked_in(live, 2)
        assert len(await live.rows(LedgerEntry)) == 2
        assert (await live.get("/readyz"))[0] == 200

    play(tmp_path, ONLY_ALPHA, story, link=True)


def test_a_link_that_was_taken_over_stays_away_and_readyz_says_so(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await up(live)
        who = live.corp.identity
        async with live.client.ws_connect(live.sandbox.link_url) as other:
            await other.send_json(
                {
                    "cmd": "aibot_subscribe",
                    "headers": {"req_id": "other"},
                    "body": {"bot_id": who.aibot_id, "secret": who.aibot_secret},
                }
            )
            answer = await other.receive_json()
            assert answer["errcode"] == 0

            async def told() -> bool:
                status, health = await live.get("/readyz")
                return status == 503 and health["reasons"] == ["the AI bot's link is taken over"]

            await live.until(told)
            assert (await live.get("/healthz"))[0] == 200
            ups = live.seen("link").count("up")
            # Were it coming back, it would be within some hundredths of a second here.
            for _ in range(20):
                await live.settle()
            assert live.seen("link").count("up") == ups
            assert (await live.get("/readyz"))[0] == 503
            with pytest.raises(TimeoutError):
                await other.receive(timeout=0.05)

    play(tmp_path, ONLY_ALPHA, story, link=True)


def test_a_chat_that_is_not_bound_is_told_so_on_the_link_too(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await up(live)
        await live.speak("li", "签到", "beta")
        await live.until(lambda: live.seen("post", "beta"))
        assert "wrkBETA" in live.seen("post", "beta")[0]
        assert await live.rows(Message) == []

    play(tmp_path, ONLY_ALPHA, story, link=True)


def test_who_opens_the_private_chat_is_welcomed_on_the_link(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await up(live)
        await live.sandbox.people.enter("li")
        await live.until(lambda: live.seen("dm"))
        assert live.seen("dm") == [texts.text("commands.welcome")]
        assert live.who("dm") == ["li"]
        assert live.seen("passive") == []

    play(tmp_path, ONLY_ALPHA, story, link=True)


def test_a_welcome_that_comes_too_late_ends_nothing(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await up(live)
        live.corp.fail_next("aibot_respond_welcome_msg", errcode=846605)
        await live.sandbox.people.enter("li")
        await live.sandbox.people.enter("wang")
        await live.until(lambda: live.seen("dm"))
        assert live.who("dm") == ["wang"]

    play(tmp_path, ONLY_ALPHA, story, link=True)


def test_somebody_of_two_communities_is_asked_which_on_the_link_too(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await up(live)
        for chat in ("alpha", "beta"):
            await live.speak("li", "签到", chat)
        await live.until(lambda: live.seen("post", "alpha") and live.seen("post", "beta"))
        await live.speak("li", "积分", None, to="aibot")
        await live.until(lambda: len(live.seen("dm")) == 1)
        assert "夜读" in live.seen("dm")[0]

        await live.speak("li", "夜读 积分", None, to="aibot")
        await live.until(lambda: len(live.seen("dm")) == 2)
        assert "余额 2 分" in live.seen("dm")[1]

    both = bindings(ALPHA) + bindings(BETA, name="night", title="夜读")
    play(tmp_path, both, story, link=True)


def test_a_locked_database_loses_nothing_of_the_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty(monkeypatch)
    monkeypatch.setattr(reception, "PAUSES_S", (0.02,) * 20)

    async def story(live: Live) -> None:
        await up(live)
        with locked(live):
            await live.speak("li", "签到")
            await live.until(
                lambda: b"overload_refusals_total 0.0" not in live.bot.metrics.render()
            )
        await checked_in(live, 1)

    play(tmp_path, ONLY_ALPHA, story, link=True)


def test_a_wrong_secret_is_told_and_ends_nothing(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        async def refused() -> bool:
            return "the AI bot's link is refused" in (await live.get("/readyz"))[1]["reasons"]

        await live.until(refused)
        await live.speak("boss", "积分", None)
        assert "余额" in live.seen("passive")[0]

    play(tmp_path, ONLY_ALPHA, story, link=True, prepare=_other_secret)


def _other_secret(corp: Corp) -> None:
    corp.fail_next("aibot_subscribe", errcode=40001, times=99)


@pytest.mark.parametrize("behind", [47 * MINUTE, -47 * MINUTE], ids=["ahead", "behind"])
def test_a_clock_that_differs_from_wecoms_is_told_and_members_are_answered(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, behind: int
) -> None:
    def wecoms(corp: Corp) -> None:
        ours = corp.now
        corp.now = lambda: ours() - behind

    async def story(live: Live) -> None:
        await up(live)
        said = {**live.message("li", "签到"), "create_time": live.corp.now() // 1000}
        asked = live.sandbox.link.conversations.asked("alpha", "li")
        await live.sandbox.link.tell("aibot_msg_callback", asked, said)
        await checked_in(live, 1)

        (kept,) = await live.rows(LedgerEntry)
        assert abs(kept.at - live.clock.now()) < MINUTE
        clock = (await live.get("/healthz"))[1]["components"]["clock"]
        assert clock["state"] == "wrong"
        assert abs(clock["ahead_of_wecom_ms"] - behind) < MINUTE
        where = "ahead of" if behind > 0 else "behind"
        told = [text for text in caplog.messages if "this machine's clock is 4" in text]
        assert len(told) == 1
        assert f"minutes {where} WeCom's: set it right" in told[0]

    play(tmp_path, ONLY_ALPHA, story, link=True, prepare=wecoms)


def test_a_clock_that_is_moved_by_hand_is_not_taken_for_wrong(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await up(live)
        await live.skip(47 * MINUTE)
        clock = (await live.get("/healthz"))[1]["components"]["clock"]
        assert clock["ahead_of_wecom_ms"] == 0

    play(tmp_path, ONLY_ALPHA, story, link=True)
