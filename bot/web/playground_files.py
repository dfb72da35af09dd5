"""The playground's page: its own files, and nothing that lies elsewhere."""

from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Final

from aiohttp import web

from bot.web.playground_guard import Handler

_TYPES: Final[Mapping[str, str]] = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}


def page_routes(guard: Callable[[Handler], Handler]) -> list[web.RouteDef]:
    """Give `/play` and its files, read once; every handler goes through `guard`."""
    folder = files("bot.web").joinpath("playground")
    found = {each.name: each.read_bytes() for each in folder.iterdir() if _kind(each.name)}
    paths = {"/play": "index.html", **{f"/play/{name}": name for name in found}}
    return [web.get(path, guard(_file(name, found[name]))) for path, name in paths.items()]


def _kind(name: str) -> str:
    return _TYPES.get(name.rpartition(".")[2], "")


def _file(name: str, content: bytes) -> Handler:
    async def give(_request: web.Request) -> web.Response:
        return web.Response(body=content, content_type=_kind(name), charset="utf-8")

    return give
