"""Sealed codes on their whole way: out of the database only into their owner's private chat."""

from pathlib import Path

from bot.vault import FILE
from handlers.benefits import code_lists
from handlers.benefits.code_lists import Sealed
from handlers.ports import Store
from sop.activities import codes
from sop.activities.codes import Wrong
from sop.model import Claim, Outgoing
from tests.integration.live import COMMUNITY, CORE, Live, bindings, pack, play

BENEFITS = """\
benefits:
  - {id: coupon, title: 书店券, kind: code, price: 2}
  - {id: mug, title: 马克杯, kind: code, price: 2, approve: staff}
"""
CODES = ("COUPON-AAAA-0001", "COUPON-AAAA-0002")
ONLY_CORE = bindings(CORE)


async def bring(live: Live, benefit: str, *brought: str) -> None:
    vault = live.bot.vault
    sealed = [
        Sealed(1, vault.marks(COMMUNITY, each), vault.seal(each), codes.tail_of(each))
        for each in brought
    ]

    def work(store: Store) -> tuple[Wrong, ...]:
        return code_lists.take_over(store, COMMUNITY, benefit, sealed, live.clock.now())

    assert await live.read(work) == ()


async def kept_texts(live: Live) -> str:
    return repr(await live.rows(Outgoing)) + repr(await live.rows(Claim))


def test_a_code_is_read_by_its_owner_alone_and_by_no_table(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await bring(live, "coupon", *CODES)
        await live.speak("li", "签到", "core")
        live.corp.transcript.clear()

        await live.speak("li", "兑换 书店券", None)
        await live.settle()

        assert sum(CODES[0] in each for each in live.shown()) == 1
        assert not any(CODES[0] in each for each in live.seen("post"))
        kept = await kept_texts(live)
        assert "COUPON-AAAA" not in kept
        assert "\u27e6" in kept

    play(tmp_path, ONLY_CORE, story, pack(more=BENEFITS))


def test_a_code_that_was_agreed_to_later_is_delivered_opened(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await bring(live, "mug", *CODES)
        await live.speak("li", "签到", "core")
        await live.speak("li", "兑换 马克杯", None)
        await live.settle()
        assert not any(CODES[0] in each for each in live.shown())

        await live.speak("boss", "同意 1", None)
        await live.settle()

        assert sum(CODES[0] in each for each in live.seen("dm")) == 1
        assert "COUPON-AAAA" not in await kept_texts(live)

    play(tmp_path, ONLY_CORE, story, pack(more=BENEFITS))


def test_codes_of_a_secret_that_is_gone_are_kept_back_until_it_is_known(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await bring(live, "coupon", *CODES)
        key = live.settings.data_dir / FILE
        secret = key.read_text()
        await live.speak("li", "签到", "core")

        key.unlink()
        await live.stop()
        await live.again()
        await live.speak("li", "兑换 书店券", None)
        await live.settle()

        assert "领完" in live.shown()[-1]
        key.write_text(secret)
        await live.stop()
        await live.again()
        await live.speak("li", "兑换 书店券", None)
        await live.settle()
        assert CODES[0] in live.shown()[-1]

    play(tmp_path, ONLY_CORE, story, pack(more=BENEFITS))
