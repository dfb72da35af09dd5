"""What a pack means, checked: one small function per question, all asked of every pack.

A new check is a function from a subject to findings, and a line in `CHECKS`.
"""

from collections.abc import Callable, Iterator
from typing import Final

from sop import (
    check_groups,
    check_library,
    check_names,
    check_people,
    check_rules,
    check_steps,
    check_texts,
)
from sop.check_subject import Subject
from sop.schema_problems import Finding

Check = Callable[[Subject], Iterator[Finding]]

CHECKS: Final[tuple[Check, ...]] = (
    check_names.repeated_ids,
    check_names.unknown_references,
    check_names.segment_circles,
    check_names.unknown_links,
    check_names.unknown_commands,
    check_names.missing_files,
    check_names.promises,
    check_rules.unusable_detectors,
    check_rules.unreachable_rungs,
    check_texts.broken_templates,
    check_texts.unusable_text_names,
    check_texts.unknown_names,
    check_texts.unknown_calls,
    check_texts.spoken_replies,
    check_steps.unknown_successors,
    check_steps.circles,
    check_steps.unusable_patterns,
    check_steps.nobody_meant,
    check_steps.misplaced_keys,
    check_steps.nothing_dropped,
    check_steps.never_fires,
    check_steps.in_quiet_hours,
    check_steps.over_budget,
    check_steps.unknown_holidays,
    check_people.no_gap,
    check_people.nothing_reviewed,
    check_people.benefits_without_value,
    check_people.equal_levels,
    check_library.empty_items,
    check_library.games_without_answers,
    check_library.polls_without_choice,
    check_groups.unheard,
    check_groups.without_start,
)


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield what every check finds."""
    for check in CHECKS:
        yield from check(subject)
