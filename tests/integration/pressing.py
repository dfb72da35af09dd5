"""Buttons on cards in a live story: what people see of them, and pressing one."""

from dataclasses import replace

from bot.channels.sandbox.corp import Corp
from sop.model import Task
from tests.integration.live import CORE, Live, bindings, pack

TEA = "  - {id: tea, when: {says: [下午茶]}, do: [{task: {to: staff, text: 请准备下午茶}}]}\n"
LONG = (
    "  - {id: tea, when: {says: [下午茶]}, do: [{task: {to: staff, text: 请准备"
    + "红茶、绿茶、白茶、" * 20
    + "}}]}\n"
)
PACK = pack(TEA)
GROUPS = bindings(CORE)
LAYERED = (
    "  club:\n    title: 书友会\n    pack: club\n    owner: boss\n    staff: [helper]\n"
    "    core: {id: inner, title: 核心群, channels: {appchat: inner, aibot: wrkINNER}}\n"
    f"    regular:\n      - {CORE}\n"
)
LAYERS = pack(
    '  - {id: nightly, in: all, when: "21:00 daily", do: [{review: layers}]}\n',
    "layers: {core: {enter: {paid: true}, leave: {paid: false}, approve: owner}}\n",
)


def with_core(corp: Corp) -> None:
    """The app has made a core group, too."""
    core = corp.chats["core"]
    corp.add_chat(
        replace(core, chatid="inner", bot_chatid="wrkINNER", userlist=("boss", "helper"))
    )


async def wanted(live: Live) -> Task:
    """Somebody asks for tea, which is a task for the staff."""
    await live.speak("li", "下午茶", "core")
    await live.settle()
    return (await live.tasks())[-1]


async def pressed(live: Live, userid: str, label: str) -> str:
    """Press, and give what the bot has said since."""
    before = len(live.shown())
    await live.press(userid, label)
    await live.settle()
    return "\n".join(live.shown()[before:])


def labels(live: Live, userid: str) -> list[list[str]]:
    return [[each["text"] for each in card["buttons"]] for card in live.cards(userid)]


def replaced(live: Live) -> list[str]:
    return live.seen("card")
