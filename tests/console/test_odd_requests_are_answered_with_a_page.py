"""What no page of ours would send is answered with a page all the same: odd addresses, headers, forms and files."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.acceptance.repair_centre import WORKFLOW, tickets
from tests.console.reception import OURS, SWAPPING, Reception

BACKS = {
    "/work?whose=工单": "/work?whose=%E5%B7%A5%E5%8D%95",
    "/work?x\r\nX-Evil: 1": "/work?x%0D%0AX-Evil:%201",
    "/board/nowhere": None,
    f"/board/{WORKFLOW}?unit=phone-02": None,
    "/\t/[": None,
}
"""Where somebody says that he came from, and where he is led; None: to the case."""

NAMED = 'name="file"; filename="\\ud800.png"'


def stranger(reception: Reception, **headers: str) -> TestClient:
    """A browser of nobody."""
    return TestClient(reception.centre.client.app, base_url="https://testserver", headers=headers, follow_redirects=False)


@pytest.mark.parametrize("back", BACKS)
def test_whoever_came_from_an_odd_address_is_told_that_it_was_done(reception: Reception, back: str) -> None:
    number = reception.centre.opened("amy", imei=f"0010170000002{[*BACKS].index(back):02}")
    answer = reception.post("amy", f"/cases/{number}/comment", {"text": "客户催促", "back": back}, headers=SWAPPING)
    assert answer.status_code == 200
    assert answer.headers["hx-push-url"] == (BACKS[back] or f"/cases/{number}")
    assert "x-evil" not in answer.headers
    assert "The remark is in the history" in answer.text


def test_an_address_that_leads_on_stands_in_a_header_whatever_it_is_written_with(reception: Reception) -> None:
    answer = stranger(reception, **OURS, **SWAPPING).post("/choice", data={"back": "/工单"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/%E5%B7%A5%E5%8D%95")


def test_headers_that_hold_no_address_are_none(reception: Reception) -> None:
    assert stranger(reception, Origin="http://[").post("/choice", data={"back": "/"}).status_code == 403
    lost = stranger(reception, **SWAPPING, **{"HX-Current-URL": "http://["}).get("/work")
    assert (lost.status_code, lost.headers["hx-redirect"]) == (204, "/sign-in?next=/")


def test_a_form_that_cannot_be_read_is_no_form(reception: Reception) -> None:
    number = reception.centre.opened("amy", imei="001017000000310")
    cases = [(charset, part) for charset in ("undefined", "punycode", "unicode_escape") for part in ('name="text"', NAMED)]
    for charset, disposition in cases:
        body = f"--x\r\nContent-Disposition: form-data; {disposition}\r\n\r\n\\ud800\r\n--x--\r\n".encode()
        media = f"multipart/form-data; boundary=x; charset={charset}"
        answer = reception.browser("amy").post(f"/cases/{number}/comment", content=body, headers={"Content-Type": media})
        assert answer.status_code == 400
        assert "content-security-policy" in answer.headers
    assert reception.app.views.case(number).case.seq == 1, "nothing was written"


def test_days_and_names_that_nothing_can_be_called_are_faults_of_the_form(reception: Reception) -> None:
    odd = ({"role": "A B"}, {"unit": "A B"}, {"until": "9999-12-31"}, {"since": "0001-01-01"}, {"since": "2026-02-30"})
    for each in odd:
        answer = reception.post("abe", "/people/tia/roles", {"role": "phone-front-desk", "unit": "phone-02", **each})
        assert answer.status_code == 422, each
    assert reception.get("abe", f"/incidents/events?before={2**63}").status_code == 404


@pytest.mark.parametrize("name", [".", "/", "..", "a/"])
def test_a_sheet_without_a_name_is_answered_row_by_row(reception: Reception, name: str) -> None:
    content = "\n".join([",".join(tickets(1).columns), ",".join(["x"] * len(tickets(1).columns))]).encode()
    answer = reception.post("amy", f"/intake/{WORKFLOW}/receive/sheet", files={"file": (name, content)})
    assert answer.status_code == 303
    assert "1 given back" in reception.read("amy", answer.headers["location"]).get_text()


def test_what_an_address_brings_along_does_not_choose_cases(reception: Reception) -> None:
    page = reception.read("amy", f"/bulk/new?workflow={WORKFLOW}&state=received&all=1&numbers=WX26-000009&step=take")
    names = {str(each["name"]) for each in page.select("form[method=post] input[type=hidden]")}
    assert names & {"all", "numbers", "step"} == set()
