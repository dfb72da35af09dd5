"""Pictures on their way to a running WeCom: after their words, once, or not at all."""

import sys
from pathlib import Path
from typing import Any

import pytest

from bot.pictures import easel
from bot.pictures.painter import Painter
from bot.routes import ROUTES, on
from handlers.ports import Context, Outcome
from sop.actions import Action
from sop.events import MessageReceived
from sop.model import Outgoing
from tests.integration.live import CORE, SECOND, Live, bindings, impatient, pack, play
from tests.integration.test_painter import EASEL
from tests.unit.bot.pictures.faces import lettering

ALPHA = '{id: alpha, title: 一群, channels: {aibot: wrkALPHA, webhook: "${ROBOT_KEY_ALPHA}"}}'
WISH = {"kind": "certificate", "title": "21 days", "name": "Amy"}


def show(event: MessageReceived, context: Context) -> Outcome:
    """Post or pass on a certificate, as a feature would."""
    group = event.group or "core"
    actions = {
        "公布": Action(do="post", group=group, text="李四完成了", picture=WISH),
        "颁发": Action(
            do="dm", group=group, to=str(context.person_id), text="你完成了", picture=WISH
        ),
        "画不出": Action(do="post", group=group, text="没有图", picture={"kind": "none"}),
    }
    found = next((each for word, each in actions.items() if word in event.text), None)
    return Outcome((found,), stop=True) if found else Outcome()


def shown(live: Live) -> list[tuple[str, str, str]]:
    """What the bot said since the start, with the kind of message, in order."""
    return [
        (str(each["kind"]), str(each["msgtype"]), str(each["text"]))
        for each in live.corp.transcript
        if each["kind"] in ("post", "dm")
    ]


def pictures(live: Live) -> list[bytes]:
    names = [each["picture"] for each in live.corp.transcript if each.get("picture")]
    return [live.corp.pictures[str(name)] for name in names]


def showing(folder: Path, group: str, story: Any) -> None:
    painter = Painter((sys.executable, "-c", EASEL, str(folder)))
    routing = [on(MessageReceived, show), *ROUTES]
    play(folder, bindings(group), story, pack(), routing=routing, painter=painter)


async def say(live: Live, text: str, chat: str | None = "core") -> None:
    await live.speak("li", text, chat)
    await live.settle()
    await live.skip(3 * SECOND)


async def statuses(live: Live) -> list[str]:
    return [each.status for each in await live.rows(Outgoing, klass="picture")]


@pytest.mark.parametrize(("group", "chat"), [(CORE, "core"), (ALPHA, "alpha")])
def test_a_picture_follows_its_words_into_the_group(tmp_path: Path, group: str, chat: str) -> None:
    async def story(live: Live) -> None:
        await say(live, "公布", chat)

        assert live.seen("passive", chat) == ["李四完成了"]
        assert [(kind, how) for kind, how, _ in shown(live)] == [("post", "image")]
        assert pictures(live) == [easel.draw(WISH, lettering(tmp_path))]
        assert await statuses(live) == ["sent"]

    showing(tmp_path, group, story)


def test_a_private_picture_is_seen_by_its_one_reader(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await say(live, "颁发")

        found = [each for each in live.corp.transcript if each["kind"] == "dm"]
        assert [each["msgtype"] for each in found] == ["text", "image"]
        assert found[0]["to"] == found[1]["to"]
        assert len(pictures(live)) == 1

    showing(tmp_path, CORE, story)


def test_what_cannot_be_drawn_costs_no_words_and_nobody_a_task(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await say(live, "画不出")

        assert live.seen("passive", "core") == ["没有图"]
        assert (shown(live), await live.tasks()) == ([], [])
        assert await statuses(live) == ["failed"]

    showing(tmp_path, CORE, story)


def test_a_picture_whose_answer_is_lost_is_not_shown_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(monkeypatch, 0.5)

    async def story(live: Live) -> None:
        live.corp.fail_next("message/send", drop=True)
        await say(live, "颁发")
        await live.skip(60 * SECOND)
        # The words were repeated, which WeCom told apart; and the picture came once after them.
        assert [how for _, how, _ in shown(live)] == ["text", "image"]

        live.corp.fail_next("media/upload", errcode=-1)
        await say(live, "公布")
        await live.skip(60 * SECOND)
        assert [how for _, how, _ in shown(live)] == ["text", "image", "image"]

        live.corp.fail_next("appchat/send", drop=True)
        await say(live, "公布")
        await live.skip(60 * SECOND)
        assert [how for _, how, _ in shown(live)] == ["text", "image", "image", "image"]
        assert await statuses(live) == ["sent", "sent", "unknown"]
        assert await live.tasks() == []

    showing(tmp_path, CORE, story)


def test_after_a_kill_the_words_stand_and_the_picture_comes_at_most_once(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await live.speak("li", "颁发", "core")
        await live.die()
        live.options["painter"] = Painter((sys.executable, "-c", EASEL, str(tmp_path)))
        await live.again()
        await live.skip(60 * SECOND)

        assert [how for _, how, _ in shown(live)] == ["text", "image"]

    showing(tmp_path, CORE, story)
