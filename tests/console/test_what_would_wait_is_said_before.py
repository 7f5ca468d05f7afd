"""Whoever will be away hears what would stand still meanwhile: the same as the report on people says."""

from __future__ import annotations

from datetime import timedelta

from engine.runtime.substitution import record_absence
from roles.absence import Absence
from tests.console.reception import Reception


def test_what_stands_still_without_somebody_is_what_the_report_says(reception: Reception) -> None:
    workforce, now = reception.app.workforce, reception.app.time.now()
    for other in ("sue", "ray"):
        record_absence(reception.app.database, Absence(other, now, now + timedelta(days=1)), at=now, by="os:test", reason=None)

    def stopped(*away: str) -> set[object]:
        return {gap.key for unit in ("phone-01", "phone-02") for line in workforce.report(None, unit, away).lines for gap in line.gaps}

    lost = {person: {gap.key for gap in workforce.lost_without(person, now)} for person in ("tom", "amy", "max")}
    assert lost == {person: stopped(person) - stopped() for person in lost}
    assert lost["tom"]
