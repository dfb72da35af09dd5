"""WeCom's HTTP API as the sandbox serves it: always status 200, the truth is in `errcode`."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from bot.channels.sandbox import appchat, contacts, customers, direct, limits, media, robots
from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.failures import Failure
from bot.channels.sandbox.model import Refused

# Escapes such as \u4f60, which json.dumps writes by default and WeCom refuses (40033).
ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u[0-9a-fA-F]{4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What one request asks: its query, its JSON body, or the file it uploads."""

    query: Mapping[str, str]
    body: Mapping[str, Any] = field(default_factory=dict)
    filename: str = ""
    data: bytes = b""


Run = Callable[[Corp, Call], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """One call of the API; `name` is its path and what `Corp.fail_next` calls it."""

    method: str
    name: str
    run: Run
    token: bool = True


def _gettoken(corp: Corp, call: Call) -> dict[str, Any]:
    if call.query.get("corpid") != corp.identity.corp_id:
        raise Refused(40013)
    if call.query.get("corpsecret") != corp.identity.app_secret:
        raise Refused(40001)
    token, seconds = corp.tokens.get()
    return {"access_token": token, "expires_in": seconds}


def _upload(corp: Corp, call: Call) -> dict[str, Any]:
    return media.upload(corp, call.query.get("type", ""), call.filename, call.data)


def _webhook_upload(corp: Corp, call: Call) -> dict[str, Any]:
    robots.robot_of(corp, call.query.get("key", ""))
    return _upload(corp, call)


def _webhook(corp: Corp, call: Call) -> dict[str, Any]:
    return robots.webhook(corp, call.query.get("key", ""), call.body)


def _chat_info(corp: Corp, call: Call) -> dict[str, Any]:
    return robots.chat_info(corp, call.query.get("code", ""))


def _response(corp: Corp, call: Call) -> dict[str, Any]:
    return robots.response(corp, call.query.get("response_code", ""), call.body)


def _by_body(run: Callable[[Corp, Mapping[str, Any]], dict[str, Any]]) -> Run:
    return lambda corp, call: run(corp, call.body)


def _by_query(run: Callable[[Corp, Mapping[str, Any]], dict[str, Any]]) -> Run:
    return lambda corp, call: run(corp, call.query)


APIS: tuple[Api, ...] = (
    Api(method="GET", name="gettoken", run=_gettoken, token=False),
    Api(method="POST", name="appchat/create", run=_by_body(appchat.create)),
    Api(method="POST", name="appchat/update", run=_by_body(appchat.update)),
    Api(method="GET", name="appchat/get", run=_by_query(appchat.get)),
    Api(method="POST", name="appchat/send", run=_by_body(appchat.send)),
    Api(method="POST", name="message/send", run=_by_body(direct.send)),
    Api(method="POST", name="message/recall", run=_by_body(direct.recall)),
    Api(method="POST", name="message/update_template_card", run=_by_body(direct.update_card)),
    Api(method="GET", name="user/get", run=_by_query(contacts.user)),
    Api(method="POST", name="batch/openuserid_to_userid", run=_by_body(contacts.plain_ids)),
    Api(method="POST", name="externalcontact/groupchat/get", run=_by_body(customers.get)),
    Api(method="POST", name="media/upload", run=_upload),
    Api(method="POST", name="webhook/send", run=_webhook, token=False),
    Api(method="POST", name="webhook/upload_media", run=_webhook_upload, token=False),
    Api(method="GET", name="webhook/get_chat_info", run=_chat_info, token=False),
    Api(method="POST", name="aibot/response", run=_response, token=False),
)


def api_routes(corp: Corp) -> list[web.RouteDef]:
    """All of `/cgi-bin/...` for this corp."""
    return [web.route(api.method, f"/cgi-bin/{api.name}", _handler(corp, api)) for api in APIS]


def _handler(corp: Corp, api: Api) -> Callable[[web.Request], Any]:
    async def handle(request: web.Request) -> web.Response:
        failure = corp.failures.next(api.name)
        if failure.status:
            return web.Response(status=failure.status)
        try:
            answer = answer_of(corp, api, await _read(request), failure)
        except Refused as refused:
            answer = {"errcode": refused.errcode, "errmsg": str(refused)}
        await asyncio.sleep(failure.hang_s)
        if failure.drop and request.transport:
            request.transport.abort()
        return web.json_response(answer)

    return handle


def answer_of(corp: Corp, api: Api, call: Call, failure: Failure) -> dict[str, Any]:
    """Return what the server answers and do what that says; `Refused` where nothing happened."""
    failure.refuse()
    if api.token:
        corp.tokens.check(call.query.get("access_token", ""))
        if not corp.windows.take(api.name, limits.BASE_PER_API):
            raise Refused(45009)
    return {"errcode": 0, "errmsg": "ok", **api.run(corp, call)}


async def _read(request: web.Request) -> Call:
    if request.content_type.startswith("multipart/"):
        return await _read_upload(request)
    raw = await request.read() if request.method == "POST" else b"{}"
    return Call(query=request.query, body=_json(raw))


def _json(raw: bytes) -> Mapping[str, Any]:
    if ESCAPED.search(raw):
        raise Refused(40033)
    try:
        body = json.loads(raw.decode())
    except UnicodeDecodeError:
        raise Refused(40033) from None
    except (ValueError, RecursionError):
        raise Refused(40058, "not JSON") from None
    if not isinstance(body, dict):
        raise Refused(40058, "not a JSON object")
    return body


async def _read_upload(request: web.Request) -> Call:
    parts = await request.multipart()
    while (part := await parts.next()) is not None:
        if not isinstance(part, BodyPartReader) or part.name != "media":
            continue
        data = bytes(await part.read())
        return Call(query=request.query, filename=part.filename or "", data=data)
    return Call(query=request.query)
