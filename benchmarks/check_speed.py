"""What checking a pack of 500 lines costs, against reading its YAML alone.

Run with `python benchmarks/check_speed.py`; prints milliseconds of CPU: the median of nine runs,
and the first run of a process apart, since words of the package are read once.
"""

import statistics
import time
from collections.abc import Callable
from importlib import resources

from sop.checks.loader import load_pack
from sop.yaml import yaml_source

LINES = 500
_STEP = """\
  - id: day-{n}
    title: 第 {n} 天
    when: "{hour:02d}:{minute:02d} {day}"
    if: {{value_posts: ">= 3 in 7d", step_done: morning}}
    limit: {{group: 1/1d}}
    do:
      - {{post: "第 {n} 天：{{{{ texts.value }}}} {{{{ group.name }}}}"}}
      - {{ask: [想到什么？, 送给谁？]}}
"""
_DAYS = ("mon", "tue,thu", "workdays", "day 3", "festival 中秋")


def pack_of(lines: int) -> bytes:
    """The shipped pack, with steps added until it has so many lines."""
    text = resources.files("sop").joinpath("packs/reading-club.yaml").read_text("utf-8")
    head, tail = text.split("\nlayers:\n", 1)
    steps = "".join(
        _STEP.format(n=n, hour=8 + n % 12, minute=n % 60, day=_DAYS[n % len(_DAYS)])
        for n in range((lines - text.count("\n")) // _STEP.count("\n") + 1)
    )
    return f"{head}\n{steps}\nlayers:\n{tail}".encode()


def milliseconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def main() -> None:
    data = pack_of(LINES)

    def check() -> None:
        pack, problems = load_pack(data, "pack.yaml")
        assert pack is not None, problems

    def parse() -> None:
        tree, _ = yaml_source.compose(data, "pack.yaml")
        assert tree is not None

    lines = len(data.splitlines())
    first = milliseconds(check)
    checked = statistics.median(milliseconds(check) for _ in range(9))
    parsed = statistics.median(milliseconds(parse) for _ in range(9))
    print(f"{lines} lines, first check  {first:6.0f} ms")
    print(f"{lines} lines, later checks {checked:6.0f} ms")
    print(f"their YAML alone       {parsed:6.0f} ms, a check is {checked / parsed:.2f} of that")


if __name__ == "__main__":
    main()
