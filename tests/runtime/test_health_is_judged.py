"""Health in three words: what is late, silent, held or given up makes it degraded; only a database that cannot be used makes it down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.runtime.health import AILMENTS, NO_ANSWER, SILENCE, Ailment, Health, ailments_of
from engine.runtime.timeliness import PATIENCE
from engine.runtime.vitals import Vitals

NOW = datetime(2026, 9, 28, 1, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
LATE = NOW - PATIENCE - TICK


@pytest.mark.parametrize(
    ("signs", "found"),
    [
        pytest.param({}, [], id="all is well"),
        pytest.param({"worked_at": None}, ["workers_silent"], id="no worker ever worked"),
        pytest.param({"worked_at": NOW - SILENCE}, [], id="one worked not long ago"),
        pytest.param({"worked_at": NOW - SILENCE - TICK}, ["workers_silent"], id="none has for too long"),
        pytest.param({"worked_at": NOW + timedelta(hours=1)}, [], id="the clock has jumped back: the hold tells it"),
        pytest.param({"worked_at": None, "is_simulated": True}, [], id="on simulated time nobody is missed"),
        pytest.param({"held_since": NOW}, ["held"], id="held"),
        pytest.param({"due_since": NOW - PATIENCE}, [], id="due, and not late yet"),
        pytest.param({"due_since": LATE}, ["timers_late"], id="late timers"),
        pytest.param({"untold_since": LATE}, ["messages_late"], id="late intents"),
        pytest.param({"unsent_since": LATE}, ["messages_late"], id="late deliveries"),
        pytest.param({"asked_since": NOW - timedelta(minutes=2)}, ["errands_late"], id="late errands"),
        pytest.param({"dead_letters": 1}, ["dead_letters"], id="one was given up"),
        pytest.param({"held_since": NOW, "due_since": LATE, "unsent_since": LATE}, ["held", "timers_late", "messages_late"], id="several"),
    ],
)
def test_what_is_wrong_is_said(signs: dict[str, Any], found: list[str]) -> None:
    assert [each.code for each in ailments_of(Vitals(NOW, **{"worked_at": NOW, **signs}))] == found


@pytest.mark.parametrize("ailment", AILMENTS, ids=lambda ailment: ailment.code)
def test_only_a_database_that_cannot_be_used_is_down(ailment: Ailment) -> None:
    assert Health((ailment,)).status == ("down" if ailment.code in ("database_unavailable", "no_answer") else "degraded")
    assert Health((ailment, NO_ANSWER)).status == "down"
    assert Health().status == "ok"
