"""phone-repair: a device with a valid proof is excluded from the warranty by a photo and by two who did not judge it."""

from __future__ import annotations

from typing import Any

import pytest

from engine.timing.period import Period
from tests.unit.workflows.phone import EXCLUSION, PHONE, VERDICT, diagnosing, excluded


def test_what_has_a_valid_proof_is_excluded_only_with_a_photo_and_two_signatures() -> None:
    out = VERDICT | {"in_warranty": False}
    assert diagnosing().refused("diagnose", "tom", **out) == {"guard_unmet"}
    assert diagnosing(sold_on="2025-09-27").do("diagnose", "tom", **out) == "quoting"
    assert diagnosing(proof="none").do("diagnose", "tom", **out) == "quoting"
    assert diagnosing().refused("exclude", "tom", **EXCLUSION | {"photos": ""}) == {"data_invalid"}

    walk = excluded()
    assert (walk.case.assignee, walk.case.data["in_warranty"]) == (None, False)
    assert walk.refused("confirm", "tom") == {"separation_of_duties"}
    assert walk.do("confirm", "sue") == "confirming"
    assert walk.do("confirm", "ray") == "confirming"  # two of the bench are not enough: the supervisor is missing
    assert walk.do("confirm", "mia") == "quoting"
    assert walk.case.assignee == "tom"
    assert walk.undone("mia") == {"not_undoable"}


def test_an_exclusion_waits_four_hours_for_its_signatures_before_the_leadership_hears_of_it() -> None:
    run = excluded().case.clocks["confirmation"]
    first, last = PHONE.clocks["confirmation"].ladder

    assert (run.standing, run.limit) == ("running", Period(4, "wh"))
    assert first.notice is not None
    assert last.notice is not None
    assert [right.name for right in first.notice.tell] == ["phone-repair-tester", "phone-supervisor"]
    assert (last.id, last.notice.tell[-1].name) == ("due", "phone-leader")


def test_an_exclusion_somebody_objects_to_is_judged_again() -> None:
    walk = excluded()
    walk.do("confirm", "mia")
    assert walk.refused("object", "tom", reason="再看看") == {"separation_of_duties"}
    assert walk.refused("object", "sue") == {"data_invalid"}

    assert walk.do("object", "sue", reason="进水标未变色") == "diagnosing"
    assert (walk.case.assignee, walk.case.signing) == ("tom", {})


def test_an_excluded_device_that_is_not_repaired_goes_back_after_the_signatures() -> None:
    walk = excluded(remedy="give_back")
    walk.do("confirm", "sue")

    assert walk.do("confirm", "max") == "returning"
    assert walk.case.assignee is None


@pytest.mark.parametrize("change", [{"fault": "none"}, {"remedy": "scrap"}])
def test_no_fault_and_scrap_are_no_exclusions(change: dict[str, Any]) -> None:
    assert diagnosing().refused("exclude", "tom", **EXCLUSION | change) == {"guard_unmet"}
