"""The detector of links to where they are not allowed."""

from collections.abc import Collection

from sop.detectors.detector_params import Params
from sop.detectors.verdicts import CLEAR, Detector, Utterance, Verdict, certain, signal
from sop.links.hosts import domain, hosts, within


def links(params: Params, endings: Collection[str]) -> Detector:
    """Find a link to a host outside `allow_domains` and their subdomains."""
    params.only("allow_domains")
    allowed = frozenset(map(domain, params.texts("allow_domains")))

    def judge(said: Utterance) -> Verdict:
        strange = [host for host in hosts(said.text, endings) if not within(host, allowed)]
        return certain(signal("link", 1.0, strange[0])) if strange else CLEAR

    return judge
