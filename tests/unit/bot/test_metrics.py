import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import LINK_STATES, Metrics


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


def test_every_figure_has_its_name_from_the_start() -> None:
    families = {
        family.name: family.type
        for family in text_string_to_metric_families(Metrics().render().decode())
        if family.name.startswith("qunyun_") and not family.name.endswith("_created")
    }

    assert families == {
        "qunyun_events": "counter",
        "qunyun_repeats": "counter",
        "qunyun_callbacks_rejected": "counter",
        "qunyun_overload_refusals": "counter",
        "qunyun_roster_gaps": "counter",
        "qunyun_deliveries": "counter",
        "qunyun_batch_events": "histogram",
        "qunyun_handling_seconds": "histogram",
        "qunyun_dead_events": "gauge",
        "qunyun_intake_depth": "gauge",
        "qunyun_pending_actions": "gauge",
        "qunyun_clock_lag_seconds": "gauge",
        "qunyun_link_state": "gauge",
    }


def test_an_event_counts_by_kind_and_outcome_and_takes_time() -> None:
    metrics = Metrics()
    metrics.event("MessageReceived", "done", 0.004)
    metrics.event("MessageReceived", "dead", 0.2)

    assert value(metrics, "qunyun_events_total", kind="MessageReceived", outcome="done") == 1
    assert value(metrics, "qunyun_events_total", kind="MessageReceived", outcome="dead") == 1
    assert value(metrics, "qunyun_handling_seconds_count") == 2
    assert value(metrics, "qunyun_handling_seconds_bucket", le="0.005") == 1


def test_each_thing_that_happens_has_its_counter() -> None:
    metrics = Metrics()
    metrics.repeat("MessageReceived")
    metrics.rejected("aibot", 403)
    metrics.overloaded()
    metrics.roster_gap()
    metrics.batch(16)
    metrics.delivered("webhook", "post", "sent")

    assert value(metrics, "qunyun_repeats_total", kind="MessageReceived") == 1
    assert value(metrics, "qunyun_callbacks_rejected_total", surface="aibot", status="403") == 1
    assert value(metrics, "qunyun_overload_refusals_total") == 1
    assert value(metrics, "qunyun_roster_gaps_total") == 1
    assert value(metrics, "qunyun_batch_events_bucket", le="8.0") == 0
    assert value(metrics, "qunyun_batch_events_bucket", le="16.0") == 1
    labels = {"channel": "webhook", "do": "post", "status": "sent"}
    assert value(metrics, "qunyun_deliveries_total", **labels) == 1


def test_a_gauge_may_be_set_or_asked() -> None:
    metrics = Metrics()
    waiting = [1, 2, 3]
    metrics.intake_depth.set_function(lambda: len(waiting))
    metrics.dead_events.set(2)
    waiting.append(4)

    assert value(metrics, "qunyun_intake_depth") == 4
    assert value(metrics, "qunyun_dead_events") == 2


@pytest.mark.parametrize("state", LINK_STATES)
def test_the_link_is_in_one_state_at_a_time(state: str) -> None:
    metrics = Metrics()
    metrics.link("up")
    metrics.link(state)

    shown = {
        one: value(metrics, "qunyun_link_state", qunyun_link_state=one) for one in LINK_STATES
    }
    assert shown == {one: float(one == state) for one in LINK_STATES}


def test_a_state_the_link_cannot_have_is_refused() -> None:
    with pytest.raises(ValueError, match="not in"):
        Metrics().link("asleep")


def test_two_apps_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.overloaded()

    assert value(other, "qunyun_overload_refusals_total") == 0
