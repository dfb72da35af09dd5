"""Makes `sop/words/simplified.txt`: each traditional Han character and its simplified twin.

Needs OpenCC, which the running program does without: its dictionaries would stay in memory. The
result depends on OpenCC's release alone: `python -m benchmarks.simplify_table`.
"""

from pathlib import Path

from opencc import OpenCC

import sop

TABLE = Path(sop.__file__).parent / "words" / "simplified.txt"
HAN = (range(0x3400, 0xA000), range(0x20000, 0x323B0))
LINE = 64
"""Characters of a line: pairs, one after the other."""


def simplified() -> dict[str, str]:
    """Return what OpenCC turns a single character into, where that is another one."""
    convert = OpenCC("t2s").convert
    han = [chr(code) for block in HAN for code in block]
    plain = dict(zip(han, convert("\n".join(han)).split("\n"), strict=True))
    # A few characters simplify in two steps; going all the way keeps `normalise` idempotent.
    settled = {old: plain.get(new, new) for old, new in plain.items()}
    return {old: new for old, new in settled.items() if old != new}


def main() -> None:
    """Write the table."""
    pairs = "".join(old + new for old, new in simplified().items())
    lines = (pairs[at : at + LINE] for at in range(0, len(pairs), LINE))
    TABLE.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
