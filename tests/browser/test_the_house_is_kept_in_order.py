"""What those do who look after others: settle what went wrong, say who is away and who stands in."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from engine.label import Label
from engine.runtime.sources import Wish
from engine.store.incidents import open_incident
from notifications.envelope import STANDARD, Arrival
from notifications.signature import Standard
from tests.browser.house import House, standing
from tests.browser.window import Enter

pytestmark = pytest.mark.browser


def test_an_incident_is_seen_to_and_resolved_with_a_word(enter: Enter, house: House) -> None:
    number, window = house.opened(), enter("mia")
    with house.app.database.write() as connection:
        case = house.app.views.case(number).case
        open_incident(connection, case.id, "step_refused", "finish", Label("步骤被拒", "the step was refused"), house.app.time.now())
    page = window.page
    window.open("/incidents")
    incident = page.locator("main li, main article").filter(has_text=number).first

    incident.get_by_role("button", name="I’ll handle it").click()
    expect(incident).to_contain_text("seen")
    incident.get_by_text("Resolve…").click()
    incident.get_by_role("textbox").fill("客户已改期")
    incident.get_by_role("button", name="Mark as resolved").click()

    expect(page.locator("main li, main article").filter(has_text=number)).to_have_count(0)
    page.get_by_label("Include resolved").check()
    expect(page.locator("main")).to_contain_text("客户已改期")


def test_what_waits_in_quarantine_is_looked_at_replayed_and_dropped(enter: Enter, house: House) -> None:
    app, window = house.app, enter("abe")
    page, number = window.page, standing(app, "phone-repair", "shipped")
    app.sources.add(Wish("courier", "courier", Standard(), STANDARD), by="os:owner")
    signed = {"waybill": house.value(number, "waybill")}
    for id, told in (("msg_1", signed), ("msg_2", {**signed, "signature": "客户本人"})):
        app.inbound.receive("courier", Arrival(id, "waybill.signed", json.dumps({"type": "waybill.signed", "data": told})))
    window.open("/incidents/events")
    first, second = (page.locator("main li").filter(has=page.get_by_text(id, exact=True)) for id in ("msg_1", "msg_2"))
    expect(first).to_contain_text("must be filled")
    expect(second).to_contain_text("received earlier is in quarantine")

    first.get_by_text("What it says").click()
    expect(first.locator("pre")).to_contain_text(signed["waybill"])
    assert window.axe() == []

    window.allowed |= {409, 422}
    first.get_by_role("button", name="Replay").click()
    expect(first.get_by_role("alert")).to_contain_text("still cannot be acted on")
    first.get_by_text("Drop…").click()
    first.get_by_role("button", name="Drop").click()
    expect(first.get_by_label("Reason")).to_have_attribute("aria-invalid", "true")
    first.get_by_label("Reason").fill("没有签收凭证，重复通知")
    first.get_by_role("button", name="Drop").click()

    expect(page.get_by_role("heading", name="No events in quarantine")).to_be_visible()
    assert house.value(number, "receipt") == "客户本人", "what waited behind it was performed"


def test_somebody_says_that_he_is_away_and_who_stands_in(enter: Enter, house: House) -> None:
    window = enter("lia")
    page = window.page
    window.open("/people/lia/away")

    page.get_by_label("First day").fill("2026-10-08")
    page.get_by_label("Last day").fill("2026-10-09")
    page.get_by_label("Who stands in").select_option("leo")
    page.get_by_label("Why").fill("年休假")
    page.get_by_role("button", name="Record", exact=True).click()

    expect(page).to_have_url(f"{house.address}/people/lia")
    recorded = page.get_by_role("region", name="Away, and who stands in")
    expect(recorded).to_contain_text("10-08")
    expect(recorded).to_contain_text("样例物流员01")

    window.allowed.add(422)
    window.open("/people/lia/away")
    page.get_by_label("First day").fill("2026-10-09")
    page.get_by_label("Last day").fill("2026-10-08")
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_label("Last day")).to_have_attribute("aria-invalid", "true")
