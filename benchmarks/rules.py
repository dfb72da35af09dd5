"""What the rules cost per message: normalise, fingerprint and judge with 10,000 words.

Run with `python benchmarks/rules.py`; prints microseconds per message, the median of five runs.
"""

import statistics
import timeit
from collections.abc import Callable
from functools import partial

from sop.detectors.detectors import CheckSpec, Recent, RuleBook, Utterance
from sop.text import fingerprint, hash_normal, normalise, visible_length

TALK = {
    "chat, 30 characters": "今天读完了第三章，作者说的目录像地图，先看路再走，很有启发呀",
    "chat, traditional": "今天讀完了第三章，作者說的目錄像地圖，先看路再走，很有啟發呀",
    "chat with an emoji": "今天读完了第三章👍🏻，作者说的目录像地图，先看路再走，很有启发",
    "chat with a link": "这一篇 https://example.com/a?b=1 讲得不错，25 元的纸书也值得买",
    "an advert": "宝妈兼职日结300，在家就能做，加V信 abc12345 了解",
    "500 characters": "今天读完了第三章，作者说的目录像地图，先看路再走，很有启发呀好。" * 16,
}
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
    return statistics.median(timeit.repeat(work, number=rounds, repeat=5)) / rounds * 1e6


def main() -> None:
    rules = book()
    print(f"{'':24}{'normalise':>10}{'length':>8}{'hash':>8}{'judge':>8}{'all':>8}")
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


if __name__ == "__main__":
    main()
