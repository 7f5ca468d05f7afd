"""What the database says when the metrics are read: how late the work is, what waits for somebody, how many cases are open.

Read at most every few seconds, and the more rarely the longer it takes. When the database does not answer, its figures are absent and
`aftercare_database_up` is 0.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from importlib import metadata

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from engine.app import Application
from engine.runtime.vitals import Stock, Vitals, stock_of, vitals_of
from web.probe import Probe

KEPT = 5.0
"""Seconds for which figures are good."""


class StoreCollector(Collector):
    """The figures of one application's database."""

    def __init__(self, application: Application) -> None:
        self._about = about(application)
        self._reading = Probe(_reader(application), KEPT)

    def describe(self) -> Iterator[Metric]:
        """Nothing beforehand: what there is, is known when it is read."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """All gauges."""
        build = GaugeMetricFamily("aftercare_build_info", "What is running.", labels=tuple(self._about))
        build.add_metric(tuple(self._about.values()), 1)
        yield build
        read = self._reading.wait(None)
        yield GaugeMetricFamily("aftercare_database_up", "Whether the database answers.", int(read is not None))
        if read is not None:
            yield from _of_vitals(read[0])
            yield from _of_stock(read[1])


def about(application: Application) -> dict[str, str]:
    """What is running here."""
    try:
        version = metadata.version("aftercare")
    except metadata.PackageNotFoundError:
        version = "source"
    return {"version": version, "python": platform.python_version(), "database": application.database.dialect}


def _reader(application: Application) -> Callable[[], tuple[Vitals, Stock] | None]:
    def read() -> tuple[Vitals, Stock] | None:
        try:
            now = application.time.now()
            return vitals_of(application.database, now), stock_of(application.database, application.catalog)
        except Exception:  # what cannot be read is absent; why is for the log of the requests that meet it
            return None

    return read


def _of_vitals(vitals: Vitals) -> Iterator[Metric]:
    unsent = max(vitals.late(vitals.untold_since), vitals.late(vitals.unsent_since))
    for name, what, value in (
        ("oldest_due_timer_seconds", "Since when the oldest timer rings that nobody has dealt with.", vitals.late(vitals.due_since)),
        ("oldest_unsent_message_seconds", "How long the oldest message waits to leave.", unsent),
        ("oldest_errand_seconds", "How long the oldest errand between parent and child waits.", vitals.late(vitals.asked_since)),
    ):
        yield GaugeMetricFamily(f"aftercare_{name}", what, value.total_seconds())
    if vitals.worked_at is not None:
        yield GaugeMetricFamily(
            "aftercare_last_work_seconds", "How long ago a worker gave a sign.", vitals.late(vitals.worked_at).total_seconds()
        )
    yield GaugeMetricFamily("aftercare_held", "Whether reminders and messages are held.", int(vitals.held_since is not None))
    yield GaugeMetricFamily("aftercare_dead_letters", "Deliveries that were given up.", vitals.dead_letters)


def _of_stock(stock: Stock) -> Iterator[Metric]:
    yield GaugeMetricFamily("aftercare_quarantined_events", "Events from outside that wait for somebody.", stock.quarantined)
    for name, label, what, counts in (
        ("open_incidents", "kind", "Incidents that a person must look at.", stock.incidents),
        ("open_cases", "workflow", "Cases that have not ended.", stock.open_cases),
    ):
        family = GaugeMetricFamily(f"aftercare_{name}", what, labels=(label,))
        for value, count in sorted(counts.items()):
            family.add_metric((value,), count)
        yield family
