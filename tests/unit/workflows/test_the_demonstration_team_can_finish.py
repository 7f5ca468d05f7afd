"""The demonstration team can finish every shipped process in every shop, and nobody alone stops one."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from engine.authoring.checks.people import check_people
from engine.authoring.checks.people.crew import Crew, units_of
from engine.authoring.checks.people.demands import Demands
from engine.authoring.checks.people.endurance import Stop, endurance
from engine.authoring.checks.people.routes import RouteSearch
from engine.authoring.library import Checked, read_library
from engine.authoring.team import roster_of
from tests.unit.workflows import shipped

NOW = datetime(2026, 9, 28, tzinfo=UTC)
ROSTER = roster_of(shipped.people(), shipped.registry(), NOW, ZoneInfo("Asia/Shanghai"))
SHOPS = {"phone": ("phone-01", "phone-02"), "dealer": ("dealer-01", "dealer-02")}
CHECKED = read_library(shipped.WORKFLOWS, shipped.registry(), [shipped.ROOT / "workflows"]).checked


@pytest.mark.parametrize("each", CHECKED, ids=lambda each: each.compiled.workflow)
def test_every_shop_can_finish_it_and_no_step_hangs_on_one_person(each: Checked) -> None:
    assert units_of(each.compiled, ROSTER, NOW) == SHOPS[each.compiled.organisation]
    assert check_people(each.compiled, ROSTER, NOW) == ()


def test_the_smallest_absence_that_stops_a_repair_is_known() -> None:
    (repair,) = (each.compiled for each in CHECKED if each.compiled.workflow == "phone-repair")

    found = endurance(RouteSearch(Demands(repair)), Crew(ROSTER, NOW, "phone-01"))

    assert isinstance(found.some, Stop)
    assert (found.some.persons, found.some.step and found.some.step.id) == (frozenset({"amy", "ann"}), "clarify")
    assert isinstance(found.all, Stop)
    assert found.all.persons == frozenset({"ray", "sue", "tom"})  # nobody is left at the bench


def test_of_three_at_the_bench_two_who_are_away_stop_the_inspection() -> None:
    (repair,) = (each.compiled for each in CHECKED if each.compiled.workflow == "phone-repair")
    search = RouteSearch(Demands(repair))

    found = endurance(search, Crew(ROSTER, NOW, "phone-01", ["ray"]))

    assert isinstance(found.all, Stop)
    assert found.all.persons == frozenset({"sue", "tom"})
