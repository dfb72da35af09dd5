"""Short links from the command line: where they lead, how long, and who opened them when."""

import json
from pathlib import Path

import pytest

from bot.clock.wall import WallClock
from handlers.links import short_links
from sop.events import LinkOpened
from sop.links import short_links as policy
from sop.model import LinkPlace, ShortLink
from tests import builders
from tests.builders import message
from tests.integration.commands.deployments import deployed
from tests.integration.commands.running import qunyun

HOUR = 3_600_000
OPENED = policy.hour_of(WallClock().now()) - 72 * HOUR
"""Three days ago: the command looks at what is now."""

PACK = """\
links:
  book: {url: "https://example.com/书单", title: 书单, until: 2099-03-01, platforms: [wechat]}
steps: []
"""
GROUPS = """\
communities:
  club:
    title: 书友会
    pack: club
    owner: zhang
    regular: [{id: alpha, title: 一群, channels: {sandbox: alpha}}]
"""


def made(number: int, **fields: object) -> ShortLink:
    values = {
        "code": f"{number:0>16}", "community": "club", "kind": "made", "name": str(number),
        "at": OPENED, "title": "海报", "target": "https://example.com/poster",
    }  # fmt: skip
    return ShortLink(**{**values, **fields})  # type: ignore[arg-type] # of its own fields


@pytest.fixture(autouse=True)
def lived(folder: Path) -> None:
    """A folder in which li has a link of their own, opened thrice, and staff made two."""
    with deployed(folder, PACK, GROUPS) as bot:
        bot.enforce(OPENED)
        bot.handle(OPENED, message("早", community="club", group="alpha", at=OPENED, sender="li"))
        book = bot.library.shelf.books["club"]
        batch = bot.database.batch()
        with batch.event() as store:
            context = builders.context(store, book, community="club", now=OPENED)
            code = short_links.kept(context, "pack", "book", person=1).code
            store.put(made(1, made_by=1, most=9, expires_at=OPENED + HOUR))
            place = {"community": "club", "code": made(1).code, "network": "enemy"}
            store.put(LinkPlace(**place, at=OPENED, beyond=7))
            store.put(made(2, stopped_at=OPENED, title="海\u202e报"))
        batch.commit()
        for number, (human, at) in enumerate([(True, 0), (False, 1), (True, HOUR)]):
            bot.handle(OPENED + at, LinkOpened(
                key=f"c{number}", community="club", at=OPENED + at, code=code, human=human,
                visitor=str(number), network=str(number), platform="wechat",
            ))  # fmt: skip


def test_every_link_is_told_with_its_target_maker_end_limit_and_clicks_by_hour(folder: Path):
    code, out, err = qunyun("links", "--json")
    assert (code, err) == (0, "")
    own, *others = json.loads(out)
    poster, stopped = sorted(others, key=lambda each: str(each["name"]))
    assert (own["kind"], own["name"], own["of"], own["state"]) == ("pack", "book", "li", "open")
    assert own["target"] == "https://example.com/%E4%B9%A6%E5%8D%95"
    assert (own["until"], own["platforms"]) == ("2099-03-02T00:00:00+08:00", ["wechat"])
    assert (own["clicks"], own["visitors"], own["filtered"]) == (2, 2, 1)
    assert (own["beyond"], poster["beyond"]) == (0, 7)
    assert [(each["wechat"], each["filtered"]) for each in own["hours"]] == [(1, 1), (1, 0)]
    assert (poster["made_by"], poster["most"], poster["state"]) == ("li", 9, "expired")
    assert (stopped["state"], stopped["hours"], stopped["until"]) == ("ended", [], None)


def test_links_are_told_in_lines(folder: Path):
    code, out, _ = qunyun("links")
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "club"
    assert lines[1].endswith(" 书单, open: https://example.com/%E4%B9%A6%E5%8D%95")
    assert lines[2] == "    pack book, of li; until 2099-03-02 00:00, no limit, only wechat"
    assert lines[3] == "    2 clicks by 2 visitors, 1 by programs"
    assert lines[4].endswith(":00  1 wechat, 1 by programs")
    poster = lines.index(f"  {made(1).code} 海报, expired: https://example.com/poster")
    assert lines[poster + 1].startswith("    made, by li; until ")
    assert lines[poster + 1].endswith(", at most 9 clicks")
    told = "    0 clicks by 0 visitors, 7 more from one place, not counted"
    assert lines[poster + 2] == told
    assert "\u202e" not in out


def test_hours_of_long_ago_are_counted_and_not_listed(folder: Path):
    own, *_ = json.loads(qunyun("links", "--json", "--days", "1").out)
    assert (own["filtered"], own["hours"]) == (1, [])
