"""Reading who people are: `user/get` and `batch/openuserid_to_userid`."""

from collections.abc import Mapping
from typing import Any

from bot.channels.sandbox.content import strings
from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.model import Refused

# wecom-protocol.md 6.7.
MOST_OPEN_IDS = 1000

Body = Mapping[str, Any]


def user(corp: Corp, query: Body) -> dict[str, Any]:
    """`user/get`: what an app made after 2022-06 is still told about a member in its scope."""
    person = corp.person(str(query.get("userid", "")))
    if person is None:
        raise Refused(60111)
    if not person.in_scope:
        raise Refused(60011)
    told = {"userid": person.userid, "name": person.name, "open_userid": person.open_userid}
    return {**told, "alias": "", "department": [1], "position": "", "status": 1}


def plain_ids(corp: Corp, body: Body) -> dict[str, Any]:
    """`batch/openuserid_to_userid`: ids that are unknown or already plain come back as invalid."""
    asked = strings(body.get("open_userid_list"))
    if not 0 < len(asked) <= MOST_OPEN_IDS:
        raise Refused(40058, "open_userid_list")
    known = {p.open_userid: p.userid for p in corp.people.values() if p.in_scope}
    pairs = [{"open_userid": o, "userid": known[o]} for o in asked if o in known]
    return {"userid_list": pairs, "invalid_open_userid_list": [o for o in asked if o not in known]}
