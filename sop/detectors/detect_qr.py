"""Detector of what QR codes in a picture lead to: groups, people, payments, unknown sites.

A picture that nobody could read is unknown, and nothing to go by.
"""

import re
from collections.abc import Sequence
from typing import Final

from sop.detectors.detect_advice import advice
from sop.detectors.detector_data import Packaged
from sop.detectors.detector_params import Params
from sop.detectors.verdicts import CLEAR, Detector, Signal, Utterance, Verdict, certain, signal
from sop.links.hosts import domain, hosts, within
from sop.text import normalise

# What WeChat, WeCom and Alipay put into their own codes.
_TARGETS: Final = (
    ("qr-group", re.compile(r"^https?://(?:weixin\.qq\.com/g/|work\.weixin\.qq\.com/gm/)")),
    (
        "qr-contact",
        re.compile(
            r"^https?://(?:u\.wechat\.com/|weixin\.qq\.com/r/|work\.weixin\.qq\.com/ca/|qm\.qq\.com/)"
        ),
    ),
    ("qr-payment", re.compile(r"^(?:wxp://|https?://qr\.alipay\.com/|https?://payapp\.weixin\.)")),
)
_ALLOWED: Final = {"allow": 0, "ask": 1, "forbid": 2}


def qr(params: Params, packaged: Packaged) -> Detector:
    """Find a code that leads to a group, a person, a payment or a site not in `allow_domains`."""
    params.only("allow_domains", "posts")
    answer = params.choice("posts", _ALLOWED, "ask")
    domains = packaged.ads.known | {*map(domain, params.texts("allow_domains"))}

    def judge(said: Utterance) -> Verdict | None:
        if not said.codes:
            return None
        found = [one for code in said.codes for one in _leads(code)]
        if not found or answer == _ALLOWED["allow"]:
            return CLEAR
        return certain(*found) if answer == _ALLOWED["forbid"] else advice(*found)

    def _leads(code: str) -> Sequence[Signal]:
        plain = code.strip()
        for name, pattern in _TARGETS:
            if pattern.match(plain):
                return [signal(name, 1.0, plain)]
        strange = [host for host in hosts(plain, packaged.endings) if not within(host, domains)]
        if strange:
            return [signal("qr-link", 1.0, strange[0])]
        normal = normalise(plain)
        reached = (one.pattern.search(normal) for one in packaged.contacts)
        return [signal("qr-contact", 1.0, match[0]) for match in reached if match][:1]

    return judge
