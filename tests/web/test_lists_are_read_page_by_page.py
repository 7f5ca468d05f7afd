"""Lists over the API: filtered, looked through, read page by page – and a case that has not changed is not sent again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.core.command import Comment
from tests.runtime.company import caller, granted
from tests.web.centre import Busy, Centre


@pytest.mark.parametrize(
    ("path", "member", "name"),
    [("/cases", "cases", "number"), ("/overdue", "overdue", "place"), ("/incidents", "incidents", "id"), ("/outbox", "messages", "id")],
)
@pytest.mark.usefixtures("busy")
def test_a_list_goes_on_where_the_page_before_ended(centre: Centre, path: str, member: str, name: str) -> None:
    def pages() -> Iterator[list[str]]:
        page = centre.read(path, "abe", limit=1)
        yield [each[name] for each in page[member]]
        while page["more"]:
            page = centre.read(path, "abe", limit=1, cursor=page["next"])
            yield [each[name] for each in page[member]]
        assert page["next"] is None

    whole = [each[name] for each in centre.read(path, "abe", limit=200)[member]]
    assert len(whole) >= 3
    assert [one for page in pages() for one in page] == whole


def test_the_messages_of_a_case_go_on_too(centre: Centre, busy: Busy) -> None:
    first = centre.read(f"/cases/{busy.taken}/messages", "amy", limit=1)
    second = centre.read(f"/cases/{busy.taken}/messages", "amy", cursor=first["next"])

    assert [each["number"] for each in (*first["messages"], *second["messages"])] == [busy.taken] * (1 + len(second["messages"]))
    assert first["messages"][0]["id"] not in [each["id"] for each in second["messages"]]
    assert second["messages"]
    assert centre.problem(f"/cases/{busy.taken}/messages", "abe", cursor=f"{busy.waiting}/1.0") == (404, "unknown")


def test_cases_are_filtered_and_looked_for(centre: Centre, busy: Busy) -> None:
    assert centre.numbers("abe", state="diagnosing", unit="手机维修一店") == [busy.taken]
    assert centre.numbers("abe", phase="receive", workflow="phone-repair") == [busy.waiting, busy.waiting_elsewhere]
    assert centre.numbers("abe", person="tom") == centre.numbers("tom", mine=True) == [busy.taken]
    assert centre.numbers("sue", mine=True) == [busy.taken]  # she stands in
    assert centre.numbers("till", mine=True) == []
    assert centre.numbers("abe", open=False) == []
    assert centre.numbers("amy", q="001017000000012") == [busy.taken]
    assert centre.numbers("abe", q="00101700000001", state="diagnosing") == [busy.taken_elsewhere, busy.taken]
    assert centre.problem("/cases", "abe", state="nowhere") == (404, "unknown")
    assert centre.problem("/cases", "abe", limit=201) == (400, "misuse")
    assert centre.problem("/cases", "abe", page=2) == (400, "misuse")


def test_a_case_that_has_not_changed_is_not_sent_again(centre: Centre, busy: Busy) -> None:
    path = f"/cases/{busy.waiting}"
    first = centre.get(path, "amy")
    again = centre.get(path, "amy", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert first.headers["ETag"].startswith('"1-')
    assert first.headers["Cache-Control"] == again.headers["Cache-Control"] == "no-store"
    assert centre.get(path, "amy", headers={"If-None-Match": f'"7", W/{first.headers["ETag"]}'}).status_code == 304

    granted(centre.app.cases.handle(busy.waiting, Comment("客户催促"), caller("amy")))
    changed = centre.get(path, "amy", headers={"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.json()["revision"], changed.json()["seq"]) == (200, 1, first.json()["seq"] + 1)
    assert centre.get(path, "till", headers={"If-None-Match": changed.headers["ETag"]}).status_code == 200  # it sees less


def test_a_problem_is_told_in_the_language_that_is_asked_for(centre: Centre) -> None:
    english = centre.get("/cases/WX26-999999", "amy", headers={"Accept-Language": "en-GB,zh;q=0.5"}).json()
    chinese = centre.get("/cases/WX26-999999", "amy").json()

    assert english["detail"] == english["sentence"]["en"] == "There is no case “WX26-999999”."
    assert chinese["detail"] == chinese["sentence"]["zh"] == "没有工单“WX26-999999”。"
