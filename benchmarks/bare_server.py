"""The yardstick: an aiohttp server that only decrypts with wechatpy and answers encrypted.

It knows no message, stores nothing and decides nothing. `qunyun bench` runs it beside the real
server, on the same core, with the same requests: `python benchmarks/bare_server.py TOKEN KEY`.
"""

import asyncio
import json
import sys
import time

import uvloop
from aiohttp import web
from wechatpy.crypto import _get_signature
from wechatpy.enterprise.crypto import PrpCrypto, WeChatCrypto

REPLY = json.dumps(
    {
        "msgtype": "stream",
        "stream": {"id": "0" * 32, "finish": True, "content": "收到，发送「帮助」看看我会什么。"},
    },
    ensure_ascii=False,
)


def handler(crypto: WeChatCrypto):  # noqa: ANN201 - wechatpy and this file are untyped
    async def answer(request: web.Request) -> web.Response:
        query = request.query
        encrypted = {"Encrypt": json.loads(await request.read())["encrypt"]}
        nonce = query["nonce"]
        crypto.decrypt_message(encrypted, query["msg_signature"], query["timestamp"], nonce)
        stamp = int(time.time())
        encrypt = PrpCrypto(crypto.key).encrypt(REPLY, "").decode()
        signature = _get_signature(crypto.token, str(stamp), nonce, encrypt)
        body = {"encrypt": encrypt, "msgsignature": signature, "timestamp": stamp, "nonce": nonce}
        return web.Response(text=json.dumps(body), content_type="application/json")

    return answer


async def serve(token: str, key: str) -> None:
    app = web.Application()
    app.router.add_post("/callback/aibot", handler(WeChatCrypto(token, key, "")))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"bare server at http://127.0.0.1:{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    run = uvloop.run if sys.argv[3] == "uvloop" else asyncio.run
    run(serve(*sys.argv[1:3]))
