"""A refused wish, and one that was only tried, leave every table as it was, byte for byte (DESIGN law 3)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import get_args

from engine.core.command import Assign, OpenCase, Undo
from engine.core.decision import ReasonCode
from engine.runtime import staffing
from engine.runtime.answer import Answer
from engine.runtime.caller import Key
from tests.runtime.company import OTHER_IMEI, START, WORKFLOW, ZONE, Company, caller, granted, people_file, refused, registry, unseen
from tests.runtime.household import fetch, fetched, ordered, publish_family

Wish = Callable[[Company], Answer]
KEY = Key("cli", "k-1")

REFUSALS: dict[str, tuple[Wish, str]] = {
    "step of another state": (lambda company: company.fire("DR26-0001", "pass", "ren"), "not_available"),
    "no such step": (lambda company: company.fire("DR26-0001", "fly", "rui"), "not_available"),
    "no such start": (lambda company: company.app.cases.open(WORKFLOW, OpenCase("fly"), caller("cai")), "not_available"),
    "no right to open": (lambda company: company.open("rui", imei=OTHER_IMEI), "not_authorised"),
    "no right to move": (lambda company: company.fire("DR26-0001", "take", "cai"), "not_authorised"),
    "no right to correct": (lambda company: company.correct("DR26-0001", "kai", mobile="12800000003"), "not_authorised"),
    "no right to remark": (lambda company: company.comment("DR26-0001", "kai"), "not_authorised"),
    "not who it is assigned to": (lambda company: company.fire("DR26-0002", "note", "ren", work="…"), "not_authorised"),
    "who did it does not check it": (lambda company: company.fire("DR26-0003", "pass", "rui"), "separation_of_duties"),
    "a rule": (lambda company: company.fire("DR26-0003", "pass", "ren"), "guard_unmet"),
    "empty form": (lambda company: company.fire("DR26-0002", "finish", "rui"), "data_invalid"),
    "field that is not asked": (lambda company: company.fire("DR26-0001", "take", "rui", work="…"), "data_invalid"),
    "malformed value": (lambda company: company.open(imei="12"), "data_invalid"),
    "value taken": (lambda company: company.open(imei="001017000000011"), "duplicate"),
    "value taken with a key": (lambda company: company.open(imei="001017000000011", key=KEY), "duplicate"),
    "older revision": (lambda company: company.fire("DR26-0001", "take", "rui", expect=7, key=KEY), "stale"),
    "correction to the same": (lambda company: company.correct("DR26-0001", "cai", mobile="12800000001"), "data_invalid"),
    "no right to pass it on": (lambda company: company.app.cases.handle("DR26-0002", Assign(None), caller("ren")), "not_authorised"),
    "given to somebody of another shop": (
        lambda company: company.app.cases.handle("DR26-0001", Assign("rao"), caller("sun")),
        "not_assignable",
    ),
    "a child that refuses": (lambda company: fetch(company, "DH26-0001", pieces=0), "child_refused"),
    "a child that must end first": (lambda company: company.fire("DH26-0002", "drop", "cai"), "child_open"),
    "signed twice": (lambda company: company.fire("DH26-0002", "hurry", "cai"), "approval_repeated"),
    "nothing to be taken back": (lambda company: company.app.cases.handle("DR26-0001", Undo("误点"), caller("cai")), "not_undoable"),
    "empty remark": (lambda company: company.comment("DR26-0001", "cai", " "), "data_invalid"),
}


def tell(company: Company) -> None:
    """One case at the counter, one on the bench, one that cost too much; an order, and one that waits for its parts; a keeper looks on."""
    keeper = "people: {kai: {name: 样例仓管01, holds: [{role: desk-keeper, unit: shop-1}]}}"
    staffing.load(company.app.database, registry(), people_file(keeper), at=START, by="os:owner", zone=ZONE)
    publish_family(company)
    ordered(company)
    number, _ = fetched(company, pieces=1, loan=1)
    granted(company.fire(number, "hurry", "cai"))
    company.opened()
    for imei, fee in (("001017000000037", None), ("001017000000045", "5000")):
        number = company.opened(imei=imei)
        granted(company.fire(number, "take", "rui"))
        if fee is not None:
            granted(company.fire(number, "finish", "rui", work="更换主板", fee=fee))


def test_every_kind_of_refusal_leaves_all_tables_as_they_were(company: Company) -> None:
    tell(company)
    before = company.tables()
    elsewhere = {"no_single_choice", "unmatched", "ambiguous"}  # a fault of the definition; what only an event from outside meets
    assert {code for _, code in REFUSALS.values()} == {*get_args(ReasonCode)} - elsewhere
    for name, (wish, code) in REFUSALS.items():
        assert code in refused(wish(company)), name
        assert company.tables() == before, name


def test_nor_does_a_wish_for_a_case_that_one_does_not_see(company: Company) -> None:
    tell(company)
    before = company.tables()
    wishes: tuple[Wish, ...] = (
        lambda company: company.fire("DR26-0001", "take", "rao"),
        lambda company: company.correct("DR26-0001", "rao", mobile="12800000003"),
        lambda company: company.comment("DR26-0001", "rao"),
        lambda company: company.app.cases.handle("DR26-0001", Assign("rao"), caller("rao"), key=KEY),
        lambda company: company.app.cases.handle("DR26-0001", Undo("误点"), caller("rao")),
    )
    assert all(unseen(partial(wish, company)) for wish in wishes)
    assert company.tables() == before


def test_a_refused_opening_takes_no_number(company: Company) -> None:
    company.opened()
    refused(company.open())
    assert company.opened(imei=OTHER_IMEI) == "DR26-0002"


def test_a_refusal_does_not_use_its_key_up(company: Company) -> None:
    number = company.opened()
    assert refused(company.fire(number, "take", "rui", expect=7, key=KEY)) == {"stale"}
    granted(company.fire(number, "take", "rui", expect=1, key=KEY))


def test_a_dry_run_tells_what_would_be_and_records_nothing(company: Company) -> None:
    number = company.opened()
    before = company.tables()
    tried = granted(company.fire(number, "take", "rui", dry_run=True, key=KEY))
    thought = granted(company.open(imei=OTHER_IMEI, dry_run=True, key=Key("cli", "k-2")))
    assert company.tables() == before
    assert (tried.outcome.state, tried.outcome.revision) == ("repairing", 2)
    assert thought.case is not None
    done = granted(company.fire(number, "take", "rui", key=KEY))
    assert (done.outcome, done.repeated) == (tried.outcome, False)
    assert company.opened(imei=OTHER_IMEI) == "DR26-0002"


def test_a_dry_run_of_a_refused_wish_gives_the_same_reasons(company: Company) -> None:
    tell(company)
    for person in ("rui", "ren"):
        tried = company.fire("DR26-0003", "pass", person, dry_run=True)
        assert tried == company.fire("DR26-0003", "pass", person)
