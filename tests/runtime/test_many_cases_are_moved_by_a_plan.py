"""Bulk: a plan says for each case what would come of it, moves each once and on its own, and keeps what came of it."""

from __future__ import annotations

import os
import signal
from functools import partial

import pytest

from engine.app import Application
from engine.core.command import Assign
from engine.errors import Conflict, Misuse, Unknown
from engine.runtime.bulk import Planned, reasons_of
from engine.runtime.caller import Caller
from engine.store import people
from engine.store.cases import Filter
from engine.store.record import Provenance
from roles.assignment import Assignment
from tests.rig.child import Child
from tests.runtime.company import OTHER_IMEI, START, Company, caller, found, granted, open_company, refused, settings, unseen


def imei(index: int) -> str:
    """A device of its own."""
    return f"00101701{index:07}"


def statuses(planned: Planned) -> list[str]:
    """What has become of each line."""
    return [line.status for line in planned.lines]


def codes(planned: Planned, place: int) -> set[str]:
    """The codes of what stands against a line, counted from 1."""
    return {why.code for why in reasons_of(planned.lines[place - 1])}


def test_a_plan_moves_nothing_and_a_run_moves_each_case_once(company: Company) -> None:
    first, second = company.opened(), company.opened(imei=OTHER_IMEI)
    company.fire(second, "take", "ren")
    before = company.tables()

    planned = company.app.bulk.plan("接单", [first, second, first], {}, None, caller("rui"))

    assert [(line.number, line.verdict) for line in planned.lines] == [(first, "possible"), (second, "refused")]
    assert codes(planned, 2) == {"not_available"}
    after = company.tables()
    assert {name for name in before if before[name] != after[name]} == {"plans", "plan_lines"}

    done = company.app.bulk.confirm(planned.plan.id, caller("rui"))

    assert (done.plan.state, statuses(done)) == ("finished", ["done", "skipped"])
    assert company.case(first).assignee == "rui"
    assert company.history(first)[-1].cause == planned.plan.id
    assert company.app.bulk.confirm(planned.plan.id, caller("rui")) == done, "a finished plan tells its result again"
    assert len(company.history(first)) == 2


def test_a_case_that_changed_after_the_plan_is_refused_and_the_others_are_moved(company: Company) -> None:
    first, second = company.opened(), company.opened(imei=OTHER_IMEI)
    planned = company.app.bulk.plan("take", [first, second], {}, None, caller("rui"))
    granted(company.correct(first, "sun", symptom="不能充电"))

    done = company.app.bulk.confirm(planned.plan.id, caller("rui"))

    assert statuses(done) == ["refused", "done"]
    assert codes(done, 1) == {"stale"}
    assert company.case(first).state == "received"


def test_rights_in_bulk_are_the_rights_case_by_case(company: Company) -> None:
    numbers = [company.opened("cai"), company.opened("cui", imei=OTHER_IMEI)]
    for person in ("cai", "rui", "rao", "hua", "sun"):
        seen = [number for number in numbers if not unseen(partial(company.fire, number, "take", person, dry_run=True))]
        if len(seen) < len(numbers):
            assert unseen(partial(company.app.bulk.plan, "take", numbers, {}, None, caller(person)))
        planned = company.app.bulk.plan("take", Filter(state="received"), {}, None, caller(person))
        singly = [company.fire(number, "take", person, dry_run=True) for number in seen]
        expected = [set() if not hasattr(answer, "reasons") else refused(answer) for answer in singly]
        assert [line.number for line in planned.lines] == seen
        assert [codes(planned, place) for place in range(1, len(seen) + 1)] == expected
    mine = company.app.bulk.plan("take", numbers[:1], {}, None, caller("rui"))
    for other in ("rao", None):
        with pytest.raises(Conflict):
            company.app.bulk.confirm(mine.plan.id, caller(other))


def test_a_case_that_is_seen_no_more_is_refused_and_the_others_are_moved(company: Company) -> None:
    first, second = company.opened("cai"), company.opened(None, imei=OTHER_IMEI)
    planned = company.app.bulk.plan("take", [first, second], {}, None, caller("rui"))
    with company.app.database.write() as connection:
        people.revoke(connection, "rui", "desk-repairer", "shop-1", START)
        assert people.assign(connection, Assignment("rui", "desk-repairer", "shop-2", START), at=START, by="os:owner")

    done = company.app.bulk.confirm(planned.plan.id, caller("rui"))

    assert statuses(done) == ["refused", "done"]
    assert codes(done, 1) == {"unknown"}
    assert company.case(first).state == "received"


def test_a_filter_chooses_and_names_may_be_titles(company: Company) -> None:
    first, second = company.opened(), company.opened(imei=OTHER_IMEI)
    company.fire(second, "take", "ren")
    planned = company.app.bulk.plan("派工", Filter(state="已受理"), {"维修员": "ren"}, None, caller("cai"))
    assert [line.number for line in planned.lines] == [first]
    company.app.bulk.confirm(planned.plan.id, caller("cai"))
    assert (company.case(first).state, company.case(first).assignee) == ("repairing", "ren")


def test_what_cannot_be_planned_is_said_at_once(company: Company) -> None:
    number = company.opened()
    with pytest.raises(Unknown):
        company.app.bulk.plan("take", Filter(state="closed"), {}, None, caller("rui"))
    with pytest.raises(Unknown):
        company.app.bulk.plan("take", [number, "DR26-9999"], {}, None, caller("rui"))
    with pytest.raises(Misuse):
        company.app.bulk.plan("take", [number], {"mobile": "12800000002"}, None, caller("rui"))
    with pytest.raises(Unknown):
        company.app.bulk.result("nothing")


def test_a_step_of_no_process_is_refused_and_one_of_another_state_is_judged(company: Company) -> None:
    number = company.opened()
    with pytest.raises(Unknown) as refused:
        company.app.bulk.plan("tak", [number], {}, None, caller("rui"))
    assert refused.value.sentence.zh == "没有步骤“tak”。"
    assert refused.value.way_out is not None
    assert refused.value.way_out.en == "Did you mean “take”?"
    assert company.app.bulk.newest(9) == []

    planned = company.app.bulk.plan("finish", [number], {}, None, caller("rui"))
    assert (planned.possible, codes(planned, 1)) == (0, {"not_available"})
    assert company.app.bulk.title_of(planned.plan) == company.app.bulk.title_of(company.app.bulk.newest(9)[0])


def test_a_plan_that_was_dropped_is_not_run(company: Company) -> None:
    planned = company.app.bulk.plan("take", [company.opened()], {}, None, caller("rui"))
    company.app.bulk.drop(planned.plan.id, caller("rui"))
    with pytest.raises(Conflict):
        company.app.bulk.confirm(planned.plan.id, caller("rui"))
    with pytest.raises(Conflict):
        company.app.bulk.drop(planned.plan.id, caller("rui"))


def test_a_run_may_stop_after_some_and_the_plan_is_finished_with_the_last(company: Company) -> None:
    numbers = [company.opened(imei=imei(index)) for index in range(3)]
    plan = company.app.bulk.plan("take", numbers, {}, None, caller("rui")).plan

    some = company.app.bulk.confirm(plan.id, caller("rui"), most=2)
    assert (some.plan.state, statuses(some), len(some.left)) == ("confirmed", ["done", "done", "waiting"], 1)
    with pytest.raises(Conflict):
        company.app.bulk.drop(plan.id, caller("rui"))

    done = company.app.bulk.confirm(plan.id, caller("rui"), most=2)
    assert (done.plan.state, statuses(done), done.left) == ("finished", ["done"] * 3, ())


def test_what_has_changed_since_the_verdict_is_known(company: Company) -> None:
    first, second = company.opened(), company.opened(imei=OTHER_IMEI)
    planned = company.app.bulk.plan("take", [first, second], {}, None, caller("rui"))
    assert company.app.bulk.stale(planned) == frozenset()
    granted(company.correct(first, "sun", symptom="不能充电"))
    assert company.app.bulk.stale(planned) == {first}
    company.app.bulk.confirm(planned.plan.id, caller("rui"))
    assert company.app.bulk.stale(planned) == frozenset(), "what was settled is not to be moved any more"


def test_plans_of_one_person_are_listed_alone(company: Company) -> None:
    mine = company.app.bulk.plan("take", [company.opened()], {}, None, caller("rui")).plan
    company.app.bulk.plan("take", [company.opened(imei=OTHER_IMEI)], {}, None, caller("ren"))
    assert company.app.bulk.newest(9, "rui") == [mine]
    assert len(company.app.bulk.newest(9)) == 2


def test_the_cases_of_somebody_who_is_ill_are_given_to_another(company: Company) -> None:
    first, second, third = company.opened(), company.opened(imei=OTHER_IMEI), company.opened(imei=imei(3))
    for number in (first, second):
        granted(company.app.cases.handle(number, Assign("rui"), caller("rui")))
    bulk, mine = company.app.bulk, Filter(person="rui", is_open=True)
    before = company.tables()

    planned = bulk.assign("样例工程师02", mine, "病假", caller("sun"))

    assert [(line.number, line.verdict) for line in planned.lines] == [(first, "possible"), (second, "possible")]
    assert bulk.title_of(planned.plan).zh == "派给样例工程师02"
    assert {name for name, rows in company.tables().items() if before[name] != rows} == {"plans", "plan_lines"}

    granted(company.correct(second, "sun", symptom="不能充电"))
    done = bulk.confirm(planned.plan.id, caller("sun"))

    assert statuses(done) == ["done", "refused"]
    assert codes(done, 2) == {"stale"}
    assert [company.case(each).assignee for each in (first, second, third)] == ["ren", "rui", None]
    last = company.history(first)[-1]
    assert (last.kind, last.reason, last.actor, last.cause) == ("assigned", "病假", "sun", planned.plan.id)
    assert bulk.confirm(planned.plan.id, caller("sun")) == done, "a finished plan tells its result again"
    assert len(company.history(first)) == 3


def test_giving_in_bulk_takes_what_giving_case_by_case_takes(company: Company) -> None:
    free, held = company.opened(), company.opened(imei=OTHER_IMEI)
    granted(company.app.cases.handle(held, Assign("ren"), caller("ren")))
    for giver in ("rui", "ren", "cai", "sun"):
        for to in ("rui", "ren", "cai", None):
            planned = company.app.bulk.assign(to, [free, held], None, caller(giver))
            singly = [company.app.cases.handle(each, Assign(to), caller(giver), dry_run=True) for each in (free, held)]
            expected = [set() if not hasattr(answer, "reasons") else refused(answer) for answer in singly]
            assert [codes(planned, place) for place in (1, 2)] == expected, (giver, to)


def test_whoever_is_not_known_is_given_nothing(company: Company) -> None:
    number = company.opened()
    with pytest.raises(Unknown):
        company.app.bulk.assign("nobody-here", [number], None, caller("sun"))
    with pytest.raises(Unknown):
        company.app.bulk.assign("ren", Filter(person="rui", is_open=True), None, caller("sun"))
    assert company.app.bulk.newest(9) == []


@pytest.mark.reliability
def test_five_hundred_with_three_that_cannot(sqlite_url: str) -> None:
    """PRODUCT scenario 18."""
    found(sqlite_url)
    with open_company(sqlite_url) as company:
        numbers = [company.opened(imei=imei(index)) for index in range(500)]
        odd = {7, 250, 499}
        for index in odd:
            granted(company.fire(numbers[index], "take", "ren"))

        planned = company.app.bulk.plan("take", Filter(workflow="desk-repair"), {}, None, caller("rui"))
        done = company.app.bulk.confirm(planned.plan.id, caller("rui"))

        assert planned.possible == 497
        assert [index for index, line in enumerate(done.lines) if line.status != "done"] == sorted(odd)
        assert all(codes(done, index + 1) == {"not_available"} for index in odd)
        assert all(len(company.history(number)) == 2 for number in numbers[::50])


@pytest.mark.reliability
@pytest.mark.parametrize("wish", ["step", "assignment"])
def test_a_run_that_is_killed_goes_on_and_doubles_nothing(wish: str, company_url: str) -> None:
    with open_company(company_url) as company:
        numbers, bulk, me = [company.opened(imei=imei(index)) for index in range(60)], company.app.bulk, caller("rui")
        plan = (bulk.plan("take", numbers, {}, None, me) if wish == "step" else bulk.assign("rui", numbers, None, me)).plan

    def killed_at(line: int) -> None:
        def told(done: int, _total: int) -> None:
            if done == line:
                os.kill(os.getpid(), signal.SIGKILL)

        with Application.open(settings(company_url)) as app:
            app.bulk.confirm(plan.id, Caller(Provenance("cli", "os:tester"), "rui"), progress=told)

    for line in (7, 33, 60):
        assert not Child.at(partial(killed_at, line)).survived()
    with open_company(company_url) as company:
        done = company.app.bulk.confirm(plan.id, caller("rui"))
        assert set(statuses(done)) == {"done"}
        once = ["opened", "moved" if wish == "step" else "assigned"]
        assert all([entry.kind for entry in company.history(number)] == once for number in numbers)
