"""What a source sends performs a step with the rights of its service, once; what nobody can act on waits, and why is said."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from engine.errors import Conflict, Misuse, Unknown
from engine.runtime.access import Access
from engine.runtime.answer import KeyReused
from engine.runtime.publishing import publish
from engine.store import inbound, people
from roles.actor import ADMINISTRATOR, Actor, Grant
from tests.runtime.company import Company, caller, checked, granted
from tests.runtime.parcels import AT, DOCUMENT, MOBILE, WAYBILL, begin, happens, sent, signs, standing


def test_an_event_performs_the_step_of_the_one_case_that_it_means(company: Company) -> None:
    begin(company)
    number, other = sent(company), sent(company, waybill="SF0000000002")

    received = signs(company, by={"name": "测试客户甲"})

    assert (received.repeated, received.event.status, received.event.number) == (False, "accepted", number)
    assert (company.case(number).state, company.case(other).state) == ("here", "on_the_way")
    assert company.case(number).data["signer"] == "测试客户甲"
    entry = company.history(number)[-1]
    assert (entry.door, entry.principal, entry.cause, entry.actor) == ("event", "source:courier", "e-1", "courier")


def test_the_same_event_again_changes_nothing_and_gets_the_first_outcome(company: Company) -> None:
    begin(company)
    sent(company)
    first = signs(company)
    tables = company.tables()

    again = signs(company)

    assert again.repeated
    assert again.event == first.event
    assert company.tables() == tables


def test_other_content_under_a_known_id_is_refused(company: Company) -> None:
    begin(company)
    sent(company)
    signs(company)

    with pytest.raises(KeyReused):
        signs(company, no="SF0000000002")


def test_a_decimal_is_kept_exact(company: Company) -> None:
    begin(company)
    number = sent(company)
    signs(company)

    happens(company, "e-2", "waybill.weighed", no=WAYBILL, kg=2.55)

    assert str(company.case(number).data["weight"]) == "2.55"


def test_an_event_of_a_start_opens_a_case_in_the_unit_of_the_service(company: Company) -> None:
    begin(company)

    opened = happens(company, "e-1", "waybill.announced", no=WAYBILL, tel=MOBILE)
    again = happens(company, "e-2", "waybill.announced", no=WAYBILL, tel=MOBILE)

    assert opened.event.number is not None
    assert company.case(opened.event.number).unit == "shop-1"
    assert (again.event.status, again.event.code) == ("quarantined", "duplicate")


def test_a_case_is_found_by_a_personal_field_and_its_present_value_only(company: Company) -> None:
    begin(company)
    number = sent(company)
    assert happens(company, "e-1", "phone.rang", tel=MOBILE).event.number == number

    granted(company.correct(number, "cai", mobile="12800000002"))

    assert happens(company, "e-2", "phone.rang", tel=MOBILE).event.code == "unmatched"
    assert happens(company, "e-3", "phone.rang", tel="128 0000 0002").event.number == number


def test_why_an_event_waits_is_said_without_what_is_personal(company: Company) -> None:
    begin(company)
    heavy = sent(company, weight="31")
    sent(company, waybill="SF0000000002")

    found = {
        id: standing(company, id)
        for id, received in {
            "none": signs(company, "none", no="SF0000000009"),
            "several": happens(company, "several", "phone.rang", tel=MOBILE),
            "guard": signs(company, "guard"),
            "form": happens(company, "form", "waybill.signed", no="SF0000000002", at="gestern"),
            "silent": happens(company, "silent", "waybill.signed", at=AT),
            "odd": happens(company, "odd", "phone.rang", tel="测试客户甲的电话"),
            "strange": happens(company, "strange", "waybill.lost", no=WAYBILL),
        }.items()
        if received.event.status == "quarantined"
    }

    assert {id: event.code for id, event in found.items()} == {
        "none": "unmatched",
        "several": "ambiguous",
        "guard": "guard_unmet",
        "form": "data_invalid",
        "silent": "data_invalid",
        "odd": "data_invalid",
        "strange": "unmapped",
    }
    assert found["guard"].number == heavy
    assert all(event.sentence is not None and "测试客户甲" not in event.sentence.zh for event in found.values())
    assert all(company.case(number).state == "on_the_way" for number in (heavy, "DP26-0002"))


def test_two_steps_of_one_case_are_two_things_that_an_event_may_mean(company: Company) -> None:
    begin(company)
    number = sent(company)

    both = happens(company, "both", "waybill.sorted", no=WAYBILL, tel=MOBILE).event
    assert (both.code, both.sentence.en if both.sentence is not None else None) == (
        "ambiguous",
        f"“waybill.sorted” means several: {number}, {number}/redirect",
    )
    assert happens(company, "one", "waybill.sorted", no=WAYBILL).event.status == "accepted"


def test_what_the_service_does_not_see_does_not_exist(company: Company) -> None:
    begin(company)
    there = sent(company, person="cui")

    assert signs(company, "e-1").event.code == "unmatched"
    assert signs(company, "e-2", source="clockwork").event.code == "unmatched"
    assert company.case(there).state == "on_the_way"


def test_a_service_has_its_own_rights_and_loses_them_at_once(company: Company) -> None:
    begin(company)
    sent(company)
    with company.app.database.write() as connection:
        people.disable(connection, "courier", company.app.time.now())

    assert signs(company).event.status == "quarantined"


def test_one_of_many_that_send_the_same_is_performed(company: Company) -> None:
    begin(company)
    number = sent(company)

    with ThreadPoolExecutor(8) as threads:
        received = list(threads.map(lambda _: signs(company), range(8)))

    assert {each.event for each in received} == {received[0].event}
    assert [each.repeated for each in received].count(False) == 1
    assert [entry.event.__class__.__name__ for entry in company.history(number)] == ["Opened", "Moved"]


def test_events_are_taken_in_one_after_another(company: Company) -> None:
    begin(company)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: signs(company, f"e-{n}"), range(16)))

    with company.app.database.read() as reader:
        places = [each.place for each in inbound.events(reader, limit=20)]
    assert sorted(places) == list(range(1, 17))


def test_an_event_in_quarantine_is_replayed_once_the_case_has_moved_on(company: Company) -> None:
    begin(company)
    number = sent(company, waybill="SF0000000009")
    assert signs(company).event.code == "unmatched"
    assert company.app.inbound.replay("courier", "e-1", by="os:owner").code == "unmatched"

    granted(company.correct(number, "cai", waybill=WAYBILL))
    replayed = company.app.inbound.replay("courier", "e-1", by="os:owner")

    assert (replayed.status, replayed.number, replayed.code, replayed.settled_by) == ("accepted", number, None, "os:owner")
    assert company.case(number).state == "here"
    assert signs(company).event == replayed
    with pytest.raises(Conflict):
        company.app.inbound.replay("courier", "e-1", by="os:owner")


def test_a_mended_definition_opens_what_waited_in_order_of_receipt(company: Company) -> None:
    begin(company, DOCUMENT.replace("name: waybill.announced", "name: waybill.announced_wrongly"))
    for n in range(3):
        assert happens(company, f"e-{n}", "waybill.announced", no=f"SF000000000{n}", tel=MOBILE).event.code == "unmapped"

    mended = checked(DOCUMENT.replace("version: 1", "version: 2"))
    publish(company.app.database, [mended], "os:owner", company.app.time.now())
    replayed = company.app.inbound.replay_all("courier", "waybill.announced", by="os:owner")

    assert [(each.id, each.status) for each in replayed] == [(f"e-{n}", "accepted") for n in range(3)]
    assert [each.number for each in replayed] == sorted(str(each.number) for each in replayed)


def test_an_event_that_waits_for_a_case_is_not_overtaken(company: Company) -> None:
    begin(company)
    number = sent(company, weight="31")
    assert signs(company, "first").event.code == "guard_unmet"
    assert happens(company, "second", "phone.rang", tel=MOBILE).event.code == "behind"
    assert company.app.inbound.replay("courier", "second", by="os:owner").code == "behind"

    granted(company.correct(number, "sun", weight="3"))
    company.app.inbound.replay("courier", "first", by="os:owner")

    # The call came before the parcel was weighed anew, but has no step any more where the case is now: that is for a person again.
    assert (standing(company, "first").status, standing(company, "second").code) == ("accepted", "unmatched")


def test_what_waits_behind_is_tried_though_only_events_of_another_name_are_replayed(company: Company) -> None:
    begin(company)
    number = sent(company, weight="31")
    signs(company, "first")
    assert happens(company, "second", "phone.rang", tel=MOBILE).event.code == "behind"

    granted(company.correct(number, "sun", weight="3"))
    [first] = company.app.inbound.replay_all(name="waybill.signed", by="os:owner")

    assert (first.status, standing(company, "second").code) == ("accepted", "unmatched")


def test_what_waits_behind_goes_on_when_the_first_is_dropped(company: Company) -> None:
    begin(company)
    number = sent(company, weight="31")
    signs(company, "first")
    happens(company, "second", "phone.rang", tel=MOBILE)

    with pytest.raises(Misuse):
        company.app.inbound.drop("courier", "first", " ", by="os:owner")
    dropped = company.app.inbound.drop("courier", "first", "人工签收", by="os:owner")

    assert (dropped.status, dropped.note, dropped.settled_by) == ("dropped", "人工签收", "os:owner")
    assert (standing(company, "second").status, standing(company, "second").number) == ("accepted", number)


def test_a_case_of_an_older_version_keeps_its_events(company: Company) -> None:
    begin(company)
    number = sent(company)
    newer = DOCUMENT.replace("version: 1", "version: 2").replace("name: waybill.signed", "name: waybill.delivered")
    publish(company.app.database, [checked(newer)], "os:owner", company.app.time.now())

    assert signs(company).event.number == number


def test_what_an_event_said_is_forgotten_a_month_after_it_is_done(company: Company) -> None:
    begin(company)
    sent(company)
    signs(company, "done")
    signs(company, "waits", no="SF0000000009")

    with company.app.database.write() as connection:
        assert inbound.prune(connection, company.app.time.now() + timedelta(days=30)) == 0
        assert inbound.prune(connection, company.app.time.now() + timedelta(days=31)) == 1

    assert company.app.inbound.show("courier", "done").payload is None
    assert company.app.inbound.show("courier", "waits").payload == {"no": "SF0000000009", "at": AT}
    assert signs(company, "done").repeated


def test_an_administrator_reads_of_an_event_what_is_not_personal(company: Company) -> None:
    begin(company)
    signs(company, by={"name": "测试客户甲", "id": "0815"})
    looking = Access(Actor("sun", "person", frozenset({Grant(ADMINISTRATOR)})))

    view = company.app.inbound.show("courier", "e-1", looking)

    assert (view.is_masked, view.payload) == (True, {"no": WAYBILL, "at": AT, "by": {"name": "***", "id": "***"}})


def test_events_are_listed_newest_first(company: Company) -> None:
    begin(company)
    sent(company)
    for n in range(3):
        signs(company, f"e-{n}")

    page = company.app.inbound.page(2)
    rest = company.app.inbound.page(2, before=page.events[-1].place)

    assert ([each.id for each in page.events], page.more) == (["e-2", "e-1"], True)
    assert ([each.id for each in rest.events], rest.more) == (["e-0"], False)
    assert [each.id for each in company.app.inbound.page(9, status="quarantined", name="waybill.signed").events] == ["e-2", "e-1"]
    assert company.app.inbound.page(9, source="clockwork").events == ()
    with pytest.raises(Unknown):
        company.app.inbound.page(9, source="nobody")
    with pytest.raises(Unknown):
        company.app.inbound.show("courier", "e-9")


def test_what_waits_for_a_working_hour_is_an_incident_until_it_is_done(company: Company) -> None:
    begin(company)
    signs(company)
    clock = company.app.time
    company.app.watch.run_once()
    assert company.app.incidents.open() == 0

    company.app.move_time(clock.now() + timedelta(hours=1, seconds=1))
    company.app.watch.run_once()
    [line] = company.app.incidents.page(9, kind="event_unmatched").lines
    assert (line.incident.number, line.incident.subject) == (None, "courier waybill.signed")
    refused = company.app.incidents.retry(line.incident.id, caller("sun"))
    assert (refused.is_going, refused.incident.state) == (False, "open")

    company.app.incidents.resolve(line.incident.id, "sun", "已联系快递")
    assert company.app.watch.run_once().opened == 0  # he knows of this one
    signs(company, "e-2")
    company.app.move_time(clock.now() + timedelta(hours=2))
    assert company.app.watch.run_once().opened == 1  # of that one he does not

    sent(company)
    assert company.app.incidents.retry(line.incident.id, caller("sun")).is_going is False  # one is left for which there is no parcel
    company.app.inbound.drop("courier", "e-2", "重复通知", by="os:owner")
    assert company.app.watch.run_once().resolved == 1
