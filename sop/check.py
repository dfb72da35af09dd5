"""What a pack means, checked: one small function per question, all asked of every pack.

A new check is a function from a subject to findings, and a line in `CHECKS`.
"""

from collections.abc import Callable, Iterator
from typing import Final

from sop import (
    benefit_checks,
    check_actions,
    check_budget,
    check_care,
    check_carrying,
    check_collections,
    check_hearing,
    check_idle,
    check_library,
    check_names,
    check_never,
    check_people,
    check_polls,
    check_pools,
    check_reach,
    check_rules,
    check_steps,
    check_texts,
    check_times,
)
from sop.check_subject import Subject
from sop.schema_problems import Finding

Check = Callable[[Subject], Iterator[Finding]]

CHECKS: Final[tuple[Check, ...]] = (
    check_names.repeated_ids,
    check_names.unknown_references,
    check_names.segment_circles,
    check_names.endless_segments,
    check_names.unknown_links,
    check_names.unknown_commands,
    check_names.missing_files,
    check_names.promises,
    check_rules.unusable_detectors,
    check_rules.unusable_patterns,
    check_rules.unreachable_rungs,
    check_texts.broken_templates,
    check_texts.unusable_text_names,
    check_texts.unknown_names,
    check_texts.unknown_calls,
    check_texts.spoken_replies,
    check_texts.names_without_brackets,
    check_steps.unknown_successors,
    check_steps.circles,
    check_steps.nobody_meant,
    check_steps.misplaced_keys,
    check_steps.nothing_dropped,
    check_never.never_runs,
    check_never.impossible_conditions,
    check_times.in_quiet_hours,
    check_times.unknown_holidays,
    check_times.days_both_ways,
    check_times.out_of_season,
    check_times.invited_ahead,
    check_budget.over_budget,
    check_budget.often_to_all,
    check_budget.letters_at_once,
    check_reach.talk_alone,
    check_reach.out_of_reach,
    check_people.no_gap,
    check_people.leaves_at_once,
    check_people.nothing_reviewed,
    check_people.benefits_without_value,
    check_people.code_lists,
    check_people.equal_levels,
    check_library.empty_items,
    check_library.games_without_answers,
    check_library.polls_without_choice,
    check_pools.tags_nobody_carries,
    check_pools.nobody_to_ask,
    check_actions.prompts_of_nothing,
    check_actions.starters_too_late,
    check_actions.odd_games,
    check_actions.odd_campaigns,
    check_collections.odd_rules,
    check_collections.equal_titles,
    check_collections.shown_of_nothing,
    check_collections.deeds_nobody_does,
    check_actions.equal_options,
    check_polls.odd_votes,
    check_polls.odd_signups,
    check_polls.open_when_it_comes_again,
    check_actions.tasks_for_nobody,
    check_actions.unnamed_tags,
    benefit_checks.beyond_stock,
    benefit_checks.beyond_budget,
    benefit_checks.odd_terms,
    check_idle.unpaid_deeds,
    check_idle.idle_rules,
    check_idle.taken_words,
    check_idle.answered_before,
    check_idle.beyond_means,
    check_idle.badges_for_nobody,
    check_idle.odd_people,
    check_idle.falling_tiers,
    check_care.odd_care,
    check_care.unheard_questions,
    check_hearing.unheard,
    check_collections.unheard,
    check_carrying.by_people,
)


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield what every check finds."""
    for check in CHECKS:
        yield from check(subject)
