"""`qunyun doctor`: looks at everything, says what to do, and never shows a secret."""

import asyncio
import json
import socket
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.model import Chat, CustomerGroup, CustomerMember
from bot.channels.sandbox.server import Sandbox, running
from bot.clock.wall import WallClock
from bot.operations.doctor import Finding, examine
from storage.database import Database
from tests.integration.commands.running import qunyun
from tests.integration.live import ALPHA, Live, bindings, play
from tests.unit.bot.folders import PACK, write

GROUPS = """\
communities:
  club: {pack: club, owner: boss, core: {id: core, channels: {appchat: core}}}
"""


def findings(said: str) -> dict[str, tuple[bool, str]]:
    return {each["what"]: (each["good"], each["says"]) for each in json.loads(said)}


def sop(folder: Path, groups: str = GROUPS, pack: str = PACK) -> None:
    (folder / "data" / "sop").mkdir(parents=True)
    write(folder / "data" / "sop", {"club.yaml": pack, "groups.yaml": groups})


def real(**more: str) -> dict[str, str]:
    return {
        "WECOM_AIBOT_TOKEN": "s3cret-token", "WECOM_AIBOT_AES_KEY": "a" * 43,
        "ADMIN_PASSWORD": "correct horse", "SESSION_SECRET": "battery staple", **more,
    }  # fmt: skip


def filled(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def migrated(path: Path) -> None:
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.close()


def test_without_settings_the_sandbox_is_what_there_is(folder: Path):
    code, out, err = qunyun("doctor")

    assert (code, err) == (0, "")
    assert out.startswith("ok   settings: sandbox WeCom (no credentials set)")
    assert "ok   database: " in out
    assert not (folder / "data").exists()


def test_settings_that_cannot_be_used_are_all_told_and_nothing_else_is_looked_at(folder: Path):
    (folder / ".env").write_text("PORT=x\nTZ=Nowhere\n", "utf-8")

    said = qunyun("doctor", "--json")

    assert said.code == 1
    (good, says) = findings(said.out)["settings"]
    assert (good, "PORT" in says, "TZ" in says) == (False, True, True)
    assert set(findings(said.out)) == {"settings"}


def test_json_has_one_entry_for_each_thing():
    found = json.loads(qunyun("doctor", "--json").out)

    assert [set(each) for each in found] == [{"what", "good", "says"}] * len(found)


def test_a_database_that_is_none_is_told(folder: Path):
    (folder / "data").mkdir()
    (folder / "data" / "qunyun.db").write_bytes(b"this is no database, however long it is. " * 60)

    code, out, _ = qunyun("doctor")

    assert code == 1
    assert "BAD  database: file is not a database" in out.splitlines()


def test_a_database_in_a_folder_that_no_start_makes_is_told(folder: Path):
    (folder / ".env").write_text(f"DATABASE_URL=sqlite:///{folder}/nowhere/q.db\n", "utf-8")

    good, says = findings(qunyun("doctor", "--json").out)["database"]

    assert (good, f"{folder}/nowhere" in says) == (False, True)


def test_a_database_of_a_later_version_is_told(folder: Path):
    (folder / "data").mkdir()
    filled(
        folder / "data" / "qunyun.db",
        "create table alembic_version (version_num varchar(32) not null)",
        "insert into alembic_version values ('9999')",
    )

    good, says = findings(qunyun("doctor", "--json").out)["database"]

    assert (good, "9999" in says) == (False, True)


@pytest.mark.parametrize(
    ("prepare", "says"),
    [
        (lambda _: None, "writable; the next start brings it to revision"),
        (lambda path: filled(path, "create table notes (id integer)"), "writable; the next start"),
        (migrated, "writable"),
    ],
    ids=["empty", "of before revisions", "of this version"],
)
def test_the_database_that_is_looked_at_stays_as_it_was(
    folder: Path, prepare: Callable[[Path], None], says: str
):
    (folder / "data").mkdir()
    path = folder / "data" / "qunyun.db"
    path.touch()
    prepare(path)
    before = path.read_bytes()

    (good, told) = findings(qunyun("doctor", "--json").out)["database"]

    assert good
    assert told.startswith(says)
    assert ("next start" in told) == ("next start" in says)
    assert path.read_bytes() == before


def test_packs_are_looked_at_where_wecom_is_real(folder: Path):
    code, out, _ = qunyun("doctor", env=real())
    assert code == 1
    assert "BAD  sop: data/sop/groups.yaml:1:1: there are no bindings" in out

    sop(folder)
    code, out, _ = qunyun("doctor", env=real())
    assert code == 0, out
    assert "ok   sop: 1 community(ies), 1 group(s)" in out
    assert "ok   wecom: no app: no private messages" in out


def test_a_broken_pack_is_told_with_its_line(folder: Path):
    sop(folder, pack=PACK + "nonsense: 1\n")

    code, out, _ = qunyun("doctor", env=real())

    assert code == 1
    assert "BAD  sop: data/sop/club.yaml:5:1: nonsense: " in out


def test_no_secret_is_shown(folder: Path):
    sop(folder)
    env = real(WECOM_CORP_ID="ww1", WECOM_APP_AGENT_ID="7", WECOM_APP_SECRET="s3cret-of-the-app",
               WECOM_API_BASE="http://127.0.0.1:9")  # fmt: skip

    for words in (("doctor",), ("doctor", "--json")):
        code, out, err = qunyun(*words, env=env)
        assert code == 1
        assert "wecom" in out
        for secret in ("s3cret", "horse", "battery"):
            assert secret not in out + err


async def _asked(
    folder: Path, more: Mapping[str, str], prepare: Callable[[Corp], None] = lambda _corp: None
) -> list[Finding]:
    corp = Corp(WallClock().now)
    prepare(corp)
    who = corp.identity
    async with running(corp) as sandbox:
        environ = real(
            DATA_DIR=str(folder / "data"), WECOM_API_BASE=sandbox.api_base,
            WECOM_CORP_ID=who.corp_id, WECOM_APP_AGENT_ID=str(who.agent_id),
            WECOM_APP_SECRET=who.app_secret,
        ) | more  # fmt: skip
        return await examine(environ, folder / ".env")


STAFFED = GROUPS.replace("owner: boss", "owner: boss, staff: [helper]")


@pytest.mark.parametrize(
    ("failure", "what", "good", "says"),
    [
        (0, "accounts", True, "2 owner(s) and staff"),
        (60111, "account boss", False, "not names"),
        (60011, "account boss", False, "可见范围"),
        (60020, "account boss", False, "企业可信 IP"),
    ],
)
def test_owners_and_staff_are_asked_for(
    folder: Path, failure: int, what: str, *, good: bool, says: str
):
    sop(folder, STAFFED)

    def prepare(corp: Corp) -> None:
        for each in ("boss", "helper"):
            corp.add_person(each)
        if failure:
            corp.fail_next("user/get", errcode=failure)

    found = {each.what: each for each in asyncio.run(_asked(folder, {}, prepare))}

    assert (found[what].good, says in found[what].says) == (good, True)
    assert [each for each in found if each.startswith("account")] == [what]


CORE = GROUPS.replace("appchat: core", "appchat: core, aibot: wrkCORE")


def with_link(sandbox: Sandbox, folder: Path, **more: str) -> dict[str, str]:
    who = sandbox.corp.identity
    return {
        "WECOM_AIBOT_ID": who.aibot_id, "WECOM_AIBOT_SECRET": who.aibot_secret,
        "WECOM_AIBOT_WS": sandbox.link_url, "DATA_DIR": str(folder / "data"),
        "ADMIN_PASSWORD": "correct horse", "SESSION_SECRET": "battery staple", **more,
    }  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _of_link(environ: Mapping[str, str], folder: Path) -> Finding:
    (found,) = [each for each in await examine(environ, folder / ".env") if each.what == "link"]
    return found


@pytest.mark.parametrize(
    ("more", "good", "says"),
    [
        ({}, True, "the AI bot's secret opens its long connection"),
        ({"WECOM_AIBOT_SECRET": "another-secret"}, False, "press 获取 Secret"),
        ({"WECOM_AIBOT_ID": "another-bot"}, False, "93019"),
        ({"WECOM_AIBOT_WS": "ws://127.0.0.1:1/"}, False, "cannot be reached"),
        ({"PORT": "0"}, True, "not tried"),
    ],
    ids=["right", "wrong secret", "wrong id", "nobody there", "no port to look at"],
)
def test_the_secret_of_the_long_connection_is_tried(
    folder: Path, more: dict[str, str], *, good: bool, says: str
):
    sop(folder, CORE)

    async def tried() -> Finding:
        async with running(Corp(WallClock().now)) as sandbox:
            environ = with_link(sandbox, folder, PORT=str(free_port())) | more
            return await _of_link(environ, folder)

    found = asyncio.run(tried())

    assert (found.good, says in found.says) == (good, True), found.says
    assert "another-secret" not in found.says


@pytest.mark.parametrize(
    ("behind_m", "good", "says"),
    [(0, True, "agrees"), (47, False, "ahead of"), (-47, False, "behind")],
)
def test_a_clock_that_is_not_wecoms_is_told(folder: Path, behind_m: int, *, good: bool, says: str):
    sop(folder)

    def prepare(corp: Corp) -> None:
        ours = corp.now
        corp.now = lambda: ours() - behind_m * 60_000

    found = {each.what: each for each in asyncio.run(_asked(folder, {}, prepare))}

    assert (found["clock"].good, says in found["clock"].says) == (good, True)


@pytest.mark.parametrize("way", ["up", "taken over"])
def test_a_running_bot_is_not_thrown_off_its_connection_but_asked(folder: Path, way: str):
    async def story(live: Live) -> None:
        await live.until(lambda: live.bot.link is not None and live.bot.link.state == "up")
        assert live.bot.link is not None
        port = live.sandbox.caller.bot_url.rpartition(":")[2]
        environ = with_link(live.sandbox, folder, PORT=port, SOP_DIR=str(live.folder))
        if way == "taken over":
            async with live.client.ws_connect(live.sandbox.link_url) as other:
                who = live.corp.identity
                body = {"bot_id": who.aibot_id, "secret": who.aibot_secret}
                await other.send_json(
                    {"cmd": "aibot_subscribe", "headers": {"req_id": "1"}, "body": body}
                )
                await live.until(lambda: live.bot.link.state == way)  # type: ignore[union-attr] # it is there

        found = await _of_link(environ, folder)

        assert (found.good, way in found.says) == (way == "up", True)
        assert live.bot.link.state == way
        assert live.seen("link").count("up") == (1 if way == "up" else 2)

    play(folder / "live", bindings(ALPHA), story, link=True)


@pytest.mark.parametrize(
    ("failure", "good", "says"),
    [
        (0, True, "2 member(s)"),
        (60011, False, "root department"),
        (86008, False, "README, way 3"),
        (86003, False, "groups.yaml"),
    ],
)
def test_whether_the_app_made_a_bound_group_is_tried(
    folder: Path, failure: int, *, good: bool, says: str
):
    sop(folder)

    def prepare(corp: Corp) -> None:
        for each in ("boss", "helper"):
            corp.add_person(each)
        corp.add_chat(
            Chat(chatid="core", bot_chatid="", name="核心", owner="boss",
                 userlist=("boss", "helper"), made_by_app=True)
        )  # fmt: skip
        if failure:
            corp.fail_next("appchat/get", errcode=failure)

    found = {each.what: each for each in asyncio.run(_asked(folder, {}, prepare))}

    assert (found["group core"].good, says in found["group core"].says) == (good, True)


@pytest.mark.parametrize(
    ("more", "good", "says"),
    [
        ({}, True, "the app's secret gives an access token"),
        ({"WECOM_APP_SECRET": "another-secret"}, False, "gettoken"),
    ],
    ids=["right", "wrong"],
)
def test_the_apps_secret_is_tried_at_wecom(
    folder: Path, more: dict[str, Any], *, good: bool, says: str
):
    sop(folder)
    found = asyncio.run(_tried(folder, more))

    assert (found.good, says in found.says) == (good, True)
    assert "another-secret" not in found.says


SHOP = """\
communities:
  club: {pack: club, owner: boss, regular: [{id: shop, channels: {customer: wrSHOP}}]}
"""


@pytest.mark.parametrize(
    ("failure", "good", "says"),
    [
        (0, True, "1 member(s)"),
        (48002, False, "may call the customer contact API"),
        (40050, False, "groups.yaml"),
        (60020, False, "企业可信 IP"),
        (-1, False, "busy"),
    ],
)
def test_whether_the_app_may_ask_for_a_customer_group_is_tried(
    folder: Path, failure: int, *, good: bool, says: str
):
    sop(folder, SHOP)

    def prepare(corp: Corp) -> None:
        corp.add_person("boss")
        corp.customer_groups["wrSHOP"] = [
            CustomerGroup(
                chat_id="wrSHOP", name="小店", owner="boss", since=0, version="a",
                members=(CustomerMember(userid="boss", name="老板", external=False, joined_at=0),),
            )
        ]  # fmt: skip
        if failure:
            corp.fail_next("externalcontact/groupchat/get", errcode=failure)

    found = {each.what: each for each in asyncio.run(_asked(folder, {}, prepare))}

    assert (found["customer group shop"].good, found["customer groups"].good) == (good, True)
    assert says in found["customer group shop"].says


async def _tried(folder: Path, more: dict[str, Any]) -> Finding:
    (found,) = [each for each in await _asked(folder, more) if each.what == "wecom"]
    return found
