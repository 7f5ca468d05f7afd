"""What those do who look after others: settle what went wrong, say who is away and who stands in."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from engine.label import Label
from engine.store.incidents import open_incident
from tests.browser.house import House
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
