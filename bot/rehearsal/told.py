"""A transcript's line for people: time, where, what, to whom."""

from typing import Any


def told(line: dict[str, Any]) -> str:
    """Return one line of the timeline; texts keep their line breaks, indented."""
    head = f"{line['at'][:19].replace('T', ' ')}  {line.get('group', ''):<10} {line['do']:<8}"
    parts = [head, *(_part(key, line) for key in ("to", "member", "mention", "step", "rule"))]
    if "points" in line:
        parts.append(f"{line['points']:+d} {line.get('deed', '')}")
    if "reason" in line:
        parts.append(f"({line['reason']})")
    if line["do"] in ("layer", "level", "leader"):
        parts.append(f"-> {line.get('text', '')}")
        return " ".join(part for part in parts if part)
    text = str(line.get("text", "")).replace("\n", "\n" + " " * 22)
    shown = " ".join(part for part in parts if part)
    return f"{shown}\n{' ' * 22}{text}" if text else shown


def _part(key: str, line: dict[str, Any]) -> str:
    if key not in line:
        return ""
    value = line[key]
    shown = ",".join(value) if isinstance(value, list) else value
    return f"{key}={shown}"
