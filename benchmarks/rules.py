"""What the rules cost: a message by kind, lines a second of the corpus, loading, memory.

Run with `python -m benchmarks.rules`. Times are those of the processor, so that they hold on a
busy machine too. Costs and rates are the median of five runs; loading (the modules, 10,000 words,
the adverts' model, the first verdict) and memory those of a process of its own, median of three.
"""

import resource
import statistics
import subprocess
import sys
import time
import timeit
from collections.abc import Callable, Sequence
from functools import partial

from benchmarks import corpus
from sop.detectors.detectors import CheckSpec, Recent, RuleBook, Utterance
from sop.detectors.unmasking import unmask
from sop.text import fingerprint, hash_normal, normalise, visible_length

TALK = {
    "chat, 30 characters": "今天读完了第三章，作者说的目录像地图，先看路再走，很有启发呀",
    "chat, traditional": "今天讀完了第三章，作者說的目錄像地圖，先看路再走，很有啟發呀",
    "chat with an emoji": "今天读完了第三章👍🏻，作者说的目录像地图，先看路再走，很有启发",
    "chat with a link": "这一篇 https://example.com/a?b=1 讲得不错，25 元的纸书也值得买",
    "an advert": "宝妈兼职日结300，在家就能做，加V信 abc12345 了解",
    "500 characters": "今天读完了第三章，作者说的目录像地图，先看路再走，很有启发呀好。" * 16,
}
LOADING = "from benchmarks import rules; rules.load()"
RECENT = tuple(
    Recent(at=minute * 60_000, fingerprint=fingerprint(f"早 {minute}")) for minute in range(20)
)


def book() -> RuleBook:
    words = [f"禁{chr(0x4E00 + place)}{chr(0x5E00 + place // 7)}" for place in range(10_000)]
    return RuleBook(
        [
            CheckSpec(id="ads", detect="ads", params={"allow_domains": ["example.com"]}),
            CheckSpec(id="words", detect="words", params={"any": words}),
            CheckSpec(id="flood", detect="flood", params={"messages": 6, "within": 30_000}),
            CheckSpec(id="repeats", detect="repeats", params={"same": 3, "within": 600_000}),
        ]
    )


def microseconds(work: Callable[[], object], rounds: int = 2_000) -> float:
    return (
        statistics.median(timeit.repeat(work, timer=time.process_time, number=rounds, repeat=5))
        / rounds
        * 1e6
    )


def by_kind(rules: RuleBook) -> None:
    print(f"{'µs per message':24}{'normalise':>10}{'length':>8}{'hash':>8}{'judge':>8}{'all':>8}")
    for name, text in TALK.items():
        normal = normalise(text)
        said = Utterance(text=text, normal=normal, at=1_200_000, recent=RECENT)
        costs = [
            microseconds(partial(normalise, text)),
            microseconds(partial(visible_length, text)),
            microseconds(partial(hash_normal, normal)),
            microseconds(partial(rules.judge, said)),
        ]
        print(f"{name:24}{costs[0]:10.1f}", *(f"{c:7.1f}" for c in [*costs[1:], sum(costs)]))


def rate(work: Callable[[str], object], texts: Sequence[str]) -> float:
    """Return how many texts a second are worked on."""
    runs = timeit.repeat(
        lambda: [work(text) for text in texts], timer=time.process_time, number=1, repeat=5
    )
    return len(texts) / statistics.median(runs)


def judged(rules: RuleBook, text: str) -> object:
    return rules.judge(Utterance(text=text, normal=normalise(text), at=1_200_000, recent=RECENT))


def load() -> None:
    """Print the seconds and MB of this process, once a first message was judged."""
    judged(book(), TALK["an advert"])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    print(time.process_time(), memory)


def loaded() -> tuple[float, float]:
    runs = [
        subprocess.run([sys.executable, "-c", LOADING], capture_output=True, check=True, text=True)
        for _ in range(3)
    ]
    seconds, memory = zip(*(map(float, run.stdout.split()) for run in runs), strict=True)
    return statistics.median(seconds), statistics.median(memory)


def main() -> None:
    # Before this process grows: a child's peak is never told as less than its parent's.
    seconds, memory = loaded()
    rules = book()
    by_kind(rules)
    print(f"\n{'':24}{'ordinary':>10}{'adverts':>10}   target")
    lines = {
        kind: [each.text for each in corpus.lines() if each.is_advert is kind]
        for kind in (False, True)
    }
    for name, work, least in (
        ("verdicts/s", partial(judged, rules), 3_000),
        ("read without disguise/s", unmask, 20_000),
        ("normalised/s", normalise, 20_000),
    ):
        print(
            f"{name:24}",
            *(f"{rate(work, texts):9,.0f}" for texts in lines.values()),
            f"   ≥ {least:,}",
        )
    print(f"{'load':24}{seconds:9.2f} s   ≤ 0.5 s\n{'memory':24}{memory:8.0f} MB   ≤ 60 MB")


if __name__ == "__main__":
    main()
