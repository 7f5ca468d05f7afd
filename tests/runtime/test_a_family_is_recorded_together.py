"""A step and the cases it opens are recorded in one transaction; what one of a family asks of another is done right after."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.authoring.document import read
from engine.authoring.library import check_documents
from engine.core.command import OpenCase
from engine.core.decision import Refused
from engine.core.event import ChildChanged, Moved
from engine.label import Label
from engine.runtime import substitution
from engine.runtime.caller import Key
from engine.runtime.publishing import Unpublished, publish
from engine.store import deliveries, errands, incidents, outbox
from roles.delegation import Delegation
from tests.process import SUPPLIES, tidy
from tests.runtime.company import START, Company, caller, granted, refused, registry
from tests.runtime.household import ORDER, PARTS, documents, fetch, fetched, ordered, publish_family


def waiting(company: Company) -> int:
    with company.app.database.read() as reader:
        return len(errands.waiting(reader.connection, limit=10))


def test_a_step_records_its_children_with_numbers_of_their_own(company: Company) -> None:
    publish_family(company)
    number = ordered(company)
    answer = granted(fetch(company, number, pieces=2, spare=1))

    assert answer.outcome.opened == (("parts", "DC26-0001"), ("parts", "DC26-0002"))
    parent, child = company.case(number), company.case("DC26-0002")
    assert [each.number for each in parent.children["parts"]] == ["DC26-0001", "DC26-0002"]
    assert (child.parent is not None, child.data["pieces"], child.unit) == (True, 1, "shop-1")
    (entry,) = company.history("DC26-0001")
    assert (entry.actor, entry.door, entry.cause) == ("rui", "cli", number)


def test_what_a_delegate_opens_is_opened_for_the_one_he_acts_for(company: Company) -> None:
    publish_family(company)
    number = ordered(company)
    lent = Delegation("rui", "cai", None, START, START + timedelta(days=1))
    substitution.record_delegation(company.app.database, registry(), lent, at=START, by="os:owner", reason=None)
    ((_, child),) = granted(company.fire(number, "fetch", "cai", pieces=2)).outcome.opened

    (opened,) = company.case(child).performed
    assert (opened.actor, opened.on_behalf_of) == ("cai", "rui")


def test_a_child_that_refuses_refuses_the_step_and_leaves_nothing(company: Company) -> None:
    publish_family(company)
    number = ordered(company)
    before = company.tables()

    assert refused(fetch(company, number, pieces=2, spare=0)) == {"child_refused"}
    assert company.tables() == before


def test_a_child_that_refuses_is_named_by_its_row(company: Company) -> None:
    lines = """  lines:
    type: list
    title: {zh: 明细, en: Lines}
    key: part
    of:
      part:  {type: text, title: {zh: 物料, en: Part}}
      count: {type: integer, title: {zh: 件数, en: Pieces}}
"""
    order = ORDER.replace("  pieces: {type", lines + "  pieces: {type", 1).replace("asks: [pieces, spare?", "asks: [lines, pieces, spare?")
    each = (
        "{workflow: desk-parts, as: parts, for_each: lines, with: {item: part, pieces: count}, returns: handed, at_end: cancel(withdraw)}"
    )
    order = order.replace(
        "{workflow: desk-parts, as: parts, with: {item: item, pieces: pieces}, returns: handed, at_end: cancel(withdraw)}", each
    )
    publish(company.app.database, documents(order), "os:owner", START)
    rows = [{"part": "BAT-1", "count": 2}, {"part": "SCR-1", "count": 0}]

    answer = company.fire(ordered(company), "fetch", "rui", pieces=1, lines=rows)

    assert isinstance(answer, Refused)
    assert answer.reasons[0].sentence.en.startswith("The case “Desk parts” for row 2 “SCR-1” cannot be opened: ")
    assert answer.reasons[0].sentence.zh.startswith("不能开子工单“柜台出库”（第 2 行“SCR-1”）：")


@pytest.mark.parametrize("pick", ["in_turn", "least_open"])
def test_the_cases_of_one_step_are_shared_out(company: Company, pick: str) -> None:
    picked = f"assign: {{role: desk-repairer, pick: {pick}}}, to: picking"
    publish(company.app.database, documents(parts=PARTS.replace("to: picking}", f"{picked}}}", 1)), "os:owner", START)
    _, children = fetched(company, pieces=2, spare=1, loan=1)

    assert [company.case(child).assignee for child in children] == ["ren", "rui", "ren"]


def test_of_two_children_that_would_hold_the_same_value_the_second_refuses_the_step(company: Company) -> None:
    unique = PARTS.replace("item:   {type: text,", "item:   {type: text, unique: open,")
    publish(company.app.database, documents(parts=unique), "os:owner", START)
    number = ordered(company)

    assert refused(fetch(company, number, pieces=2, spare=1)) == {"child_refused"}
    granted(fetch(company, number, pieces=2))


def test_a_refusal_that_may_be_kept_quotes_nothing_personal(company: Company) -> None:
    order = ORDER.replace("item:   {type: text,", "item:   {type: text, personal: true,")
    parts = PARTS.replace("item:   {type: text,", 'item:   {type: text, personal: true, pattern: "[A-Z]+",')
    publish(company.app.database, documents(order, parts), "os:owner", START)

    answer = fetch(company, ordered(company, "测试客户甲"), pieces=2)
    assert isinstance(answer, Refused)
    (reason,) = answer.reasons
    assert (reason.code, "物料" in reason.sentence.zh, "测试客户甲" in reason.sentence.zh) == ("child_refused", True, False)


def test_a_step_that_follows_a_persons_is_the_systems_and_no_clocks(company: Company) -> None:
    skip = "      skip: {title: {zh: 免领, en: Skip}, by: desk-clerk, to: waiting}\n  waiting:\n"
    publish(company.app.database, documents(ORDER.replace("  waiting:\n", skip, 1)), "os:owner", START)
    number = ordered(company)
    granted(company.fire(number, "skip", "cai"))

    skipped, arrived = company.app.views.history(number)[-2:]
    assert (skipped.who.en, arrived.who.en) == ("样例受理01", "the system, by itself")


def test_a_dry_run_tells_what_would_be_opened(company: Company) -> None:
    publish_family(company)
    number = ordered(company)
    before = company.tables()
    answer = granted(fetch(company, number, pieces=2, spare=1, dry_run=True))

    assert [alias for alias, _ in answer.outcome.opened] == ["parts", "parts"]
    assert company.tables() == before


def test_a_repeated_request_names_the_children_again(company: Company) -> None:
    publish_family(company)
    number = ordered(company)
    first = granted(fetch(company, number, key=Key("cli", "k"), pieces=2))
    again = granted(fetch(company, number, key=Key("cli", "k"), pieces=2))

    assert (again.repeated, again.outcome) == (True, first.outcome)


def test_the_end_of_the_last_child_moves_the_parent_at_once(company: Company) -> None:
    publish_family(company)
    number, (first, second) = fetched(company, pieces=2, spare=1)
    granted(company.fire(first, "issue", "rui", handed=2))
    assert (company.case(number).state, company.case(number).data["got"]) == ("waiting", 2)
    granted(company.fire(second, "issue", "ren", handed=1))

    parent = company.case(number)
    assert (parent.state, parent.data["got"], waiting(company)) == ("closed", 3, 0)
    changed, moved = company.history(number)[-2:]
    assert (type(changed.event), type(moved.event), moved.actor, moved.cause) == (ChildChanged, Moved, "system", second)


def test_the_end_of_the_parent_cancels_its_open_children(company: Company) -> None:
    publish_family(company)
    number, (first, second) = fetched(company, pieces=2, spare=1)
    granted(company.fire(first, "issue", "rui", handed=2))
    granted(company.fire(number, "drop", "cai"))

    assert (company.case(first).state, company.case(second).state) == ("issued", "withdrawn")
    assert company.history(second)[-1].actor == "parent"
    assert [child.outcome for child in company.case(number).children["parts"]] == ["success", "abandoned"]
    assert waiting(company) == 0


def test_a_child_that_cannot_be_cancelled_stays_and_both_owners_hear_of_it(company: Company) -> None:
    publish_family(company)
    number, (child,) = fetched(company)
    granted(company.fire(child, "pack", "ren"))
    granted(company.fire(number, "drop", "cai"))

    assert company.case(child).state == "packed"
    with company.app.database.read() as reader:
        (incident,) = incidents.incidents(reader, limit=10)
        case = company.case(child)
        told = outbox.of_decision(reader, case.id, case.seq)
    assert (incident.number, incident.kind, incident.subject) == (child, "step_refused", "withdraw")
    assert [each.template for each in told] == ["child-not-cancelled"]
    assert waiting(company) == 0
    company.app.relay.run_once()
    with company.app.database.read() as reader:
        (message,) = deliveries.inbox(reader, "sun", limit=10)
    assert message.delivery.subject == f"子工单未能取消：{child} 撤回"


def test_a_child_is_reopened_only_while_its_parent_is_open(company: Company) -> None:
    publish_family(company)
    number, (first, second) = fetched(company, pieces=2, spare=1)
    granted(company.fire(first, "issue", "rui", handed=2))
    granted(company.fire(first, "back", "ren"))
    assert company.case(number).children["parts"][0].outcome is None
    granted(company.fire(first, "issue", "rui", handed=2))
    granted(company.fire(second, "issue", "rui", handed=1))

    assert refused(company.fire(first, "back", "ren")) == {"not_available"}


def test_a_family_is_shown_in_words(company: Company) -> None:
    publish_family(company)
    number, (first, second) = fetched(company, pieces=2, spare=1)
    granted(company.fire(first, "issue", "rui", handed=2))
    views = company.app.views

    family = views.family(company.case(number))
    shown = [(each.number, each.state.zh, each.outcome) for each in family.children if each.state is not None]
    assert shown == [(first, "已出库", "success"), (second, "备料", None)]
    parent = views.family(company.case(second)).parent
    assert parent is not None
    assert (parent.number, parent.alias, parent.state) == (number, "parts", Label("待料", "Waiting"))

    opened, heard = views.history(number)[-2:]
    assert [title.zh for title in opened.opened] == [f"柜台出库 {first}", f"柜台出库 {second}"]
    assert (heard.title.zh, heard.who.zh) == (f"柜台出库 {first}：成功结案", "系统（自动）")
    assert [(each.title.zh, each.value.zh) for each in heard.changes] == [("交付件数", "2"), ("已领件数", "2")]


def test_a_parent_is_published_after_its_children_or_with_them(company: Company) -> None:
    order, parts = documents()
    with pytest.raises(Unpublished) as failure:
        publish(company.app.database, [order], "os:owner", START)
    assert "desk-parts" in failure.value.sentence.en

    publish(company.app.database, [parts], "os:owner", START)
    assert [each.status for each in publish(company.app.database, [order], "os:owner", START)] == ["published"]


def test_a_family_of_more_generations_than_anybody_oversees_is_refused(company: Company) -> None:
    generations = [_generation(level, last=level == 6) for level in range(7)]
    found = tidy(check_documents([read(text.encode(), f"{level}.yaml") for level, text in enumerate(generations)], registry(), SUPPLIES))
    assert found.diagnostics == ()
    publish(company.app.database, found.checked, "os:owner", START)
    before = company.tables()

    assert refused(company.app.cases.open("level0", OpenCase("open"), caller("cai"))) == {"child_refused"}
    assert company.tables() == before
    assert granted(company.app.cases.open("level1", OpenCase("open"), caller("cai"))).outcome.opened == (("kids", "L2-0001"),)
    assert company.case("L6-0001").state == "open"


def _generation(level: int, *, last: bool) -> str:
    starts = "" if last else f", starts: {{workflow: level{level + 1}, as: kids, at_end: leave}}"
    label = "{zh: 办理, en: Work}"
    return f"""
workflow: level{level}
version: 1
title: {label}
owner: desk-supervisor
organisation: desk
number: "L{level}-{{seq:04}}"
fields: {{note: {{type: text, title: {label}}}}}
start: {{open: {{title: {label}, by: [desk-clerk, parent], to: open{starts}}}}}
states:
  open:   {{title: {label}, transitions: {{end: {{title: {label}, by: desk-clerk, to: closed}}}}}}
  closed: {{title: {label}, final: success}}
"""


def test_a_child_is_opened_by_its_newest_definition(company: Company) -> None:
    publish_family(company)
    number = ordered(company)
    newer = PARTS.replace("version: 1", "version: 2").replace("min: 1", "min: 5")
    publish(company.app.database, [each for each in documents(parts=newer) if each.bundle.workflow.version == 2], "os:owner", START)

    assert refused(fetch(company, number, pieces=2)) == {"child_refused"}
    assert granted(fetch(company, number, pieces=5)).outcome.opened == (("parts", "DC26-0001"),)
