"""How fast it could be at best: the bare server, plus the rows every message leaves behind.

It decides nothing: it decrypts, writes prepared rows of the real tables in batches from a second
thread, commits with synchronous=FULL, and answers. What the bot reaches of it is the price of
deciding. `python benchmarks/storing_server.py` loads it and the bare server in turn.
"""

import asyncio
import json
import queue
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import uvloop
from aiohttp import web

sys.path.insert(0, str(Path(__file__).parent.parent))

from bare_server import REPLY
from wechatpy.crypto import _get_signature
from wechatpy.enterprise.crypto import PrpCrypto, WeChatCrypto

from bot.bench import children, load, traffic
from sop import model
from storage.database import Database
from storage.records import SHAPES
from storage.tables import NEVER_CHANGED, TABLES

C, G = traffic.COMMUNITY, "g01"


def records(n: int, at: int, text: str) -> list[model.Record]:
    """What one message puts: the kinds of rows the bot writes, filled as it fills them."""
    key, source, person = f"20612:aibot:{n:x}", f"m{n}", n % 200 + 1
    recent = tuple((at, "0123456789abcdef") for _ in range(20))
    ids = {"community": C, "id": n}
    said = {"group": G, "at": at, "fingerprint": "0123456789abcdef", "text": text}
    return [
        model.Nonce(stamped_at=at, surface="aibot", nonce=f"{n:x}", event_key=key),
        model.Message(**ids, **said, person=person, message_id=source),
        model.Message(**{**ids, "id": -n}, **said, person=0, message_id=f"bot:{n}"),
        model.Member(community=C, group=G, person=person, joined_at=1, recent=recent),
        model.LedgerEntry(
            **ids, person=person, source=source, deed="message", group=G, points=1, step="",
            version="bench", at=at,
        ),
        model.Person(
            community=C, id=person, userid=f"u{person}", recent=("message:" + text,) * 3
        ),
        model.Outgoing(
            **ids, event_key=key, group=G, do="reply", channel="aibot", chat="c", klass="reply",
            body={"text": text}, status="leased", created_at=at, not_before=at,
        ),
        model.SeenEvent(key_=key, community=C, at=at, outgoing=(n,)),
        model.Counter(community=C, name="message", value=n),
    ]  # fmt: skip


def statement(kind: type[model.Record]) -> str:
    """The insert of a kind, replacing where the bot would."""
    names = ", ".join(f'"{name}"' for name in SHAPES[kind].names)
    marks = ", ".join("?" * len(SHAPES[kind].names))
    verb = "INSERT" if kind in NEVER_CHANGED else "INSERT OR REPLACE"
    return f"{verb} INTO {TABLES[kind].name} ({names}) VALUES ({marks})"


def write(path: str, waiting: queue.SimpleQueue, loop: asyncio.AbstractEventLoop) -> None:
    """Take what waits, write it in one transaction, and say so."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    number = 0
    while True:
        taken = [waiting.get()]
        while not waiting.empty() and len(taken) < 64:
            taken.append(waiting.get())
        connection.execute("BEGIN IMMEDIATE")
        rows: dict[type[model.Record], list[tuple]] = {}
        for text, _ in taken:
            number += 1
            for record in records(number, int(time.time() * 1000), text):
                rows.setdefault(type(record), []).append(SHAPES[type(record)].row_of(record))
        for kind, values in rows.items():
            connection.executemany(statement(kind), values)
        connection.execute("COMMIT")
        loop.call_soon_threadsafe(lambda done=taken: [each[1].set_result(None) for each in done])


async def serve(token: str, key: str, path: str) -> None:
    """Answer callbacks once their rows are committed."""
    loop, waiting = asyncio.get_running_loop(), queue.SimpleQueue()
    threading.Thread(target=write, args=(path, waiting, loop), daemon=True).start()
    crypto = WeChatCrypto(token, key, "")

    async def answer(request: web.Request) -> web.Response:
        query = request.query
        encrypted = {"Encrypt": json.loads(await request.read())["encrypt"]}
        nonce = query["nonce"]
        text = crypto.decrypt_message(encrypted, query["msg_signature"], query["timestamp"], nonce)
        kept = loop.create_future()
        waiting.put((text if isinstance(text, str) else text.decode(), kept))
        await kept
        stamp = int(time.time())
        encrypt = PrpCrypto(crypto.key).encrypt(REPLY, "").decode()
        signature = _get_signature(crypto.token, str(stamp), nonce, encrypt)
        body = {"encrypt": encrypt, "msgsignature": signature, "timestamp": stamp, "nonce": nonce}
        return web.Response(text=json.dumps(body), content_type="application/json")

    app = web.Application()
    app.router.add_post("/callback/aibot", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"storing server at http://127.0.0.1:{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


async def measure(folder: Path, turns: int = 4, count: int = 3_000) -> str:
    """Load both servers in turn, on the same core, and say what storing leaves of bare."""
    served, measuring = children.cores()
    database = Database(f"sqlite:///{folder / 'a.db'}")
    database.migrate()
    database.close()
    words = (traffic.TOKEN, traffic.AES_KEY)
    ways = {
        "bare": [str(children.BARE), *words, "uvloop"],
        "storing": [__file__, *words, str(folder / "a.db")],
    }
    servers = {
        name: children.start(way, folder / name, {}, core=served) for name, way in ways.items()
    }
    speeds: dict[str, list[float]] = {name: [] for name in servers}
    cost: dict[str, list[float]] = {name: [] for name in servers}
    talk = traffic.Talk(seed=3)
    try:
        for server in servers.values():
            await server.listening()
        with children.on_core(measuring):
            for _ in range(turns + 1):
                said = traffic.requests(talk, count, int(time.time()))
                for name, server in servers.items():
                    before = server.cpu_s
                    speeds[name].append((await load.send(server.port, said)).per_second)
                    cost[name].append((server.cpu_s - before) / count * 1e6)
    finally:
        for server in servers.values():
            server.kill()
    bare, storing = (statistics.median(speeds[name][1:]) for name in ("bare", "storing"))
    spent = {name: round(statistics.median(each[1:])) for name, each in cost.items()}
    speed = f"storing {storing:.0f}/s, bare {bare:.0f}/s"
    return f"storing/bare {storing / bare:.3f}  ({speed}; us of processor time {spent})"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        uvloop.run(serve(*sys.argv[1:4]))
    else:
        with tempfile.TemporaryDirectory() as made:
            sys.stdout.write(uvloop.run(measure(Path(made))) + "\n")
