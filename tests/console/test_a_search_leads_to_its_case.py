"""The search of the header: the one case that it means, or those that it may mean, as far as somebody sees them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup

from engine.runtime.budget import Budget, Rate
from tests.console.reception import SWAPPING, Reception


@pytest.fixture(scope="module")
def numbers(reception: Reception) -> tuple[str, str]:
    """Two phones of one customer in the first shop."""
    first = reception.centre.opened("amy")
    return first, reception.centre.opened("amy", imei="001017000000029")


@pytest.fixture
def few(reception: Reception) -> Iterator[None]:
    """One search in vain is all that anybody has."""
    state = reception.centre.client.app.state  # type: ignore[attr-defined]
    kept, state.vain = state.vain, Budget(Rate(0.001, 1))
    yield
    state.vain = kept


def lines(page: BeautifulSoup) -> dict[str, str]:
    """Number of each line → by what it was found."""
    return {
        line.select_one(".number").get_text(): line.select_one(".found-by").get_text(strip=True)  # type: ignore[union-attr]
        for line in page.select("#main .line")
    }


def find(reception: Reception, person: str, text: str, status: int = 200) -> BeautifulSoup:
    """The page of a search that leads to no one case."""
    return reception.read(person, "/find", status, params={"q": text})


@pytest.mark.parametrize("text", ["{first}", " {first} ", "001017000000011"])
def test_what_only_one_case_has_leads_straight_to_it(reception: Reception, numbers: tuple[str, str], text: str) -> None:
    answer = reception.get("amy", "/find", params={"q": text.format(first=numbers[0].lower())})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{numbers[0]}")


def test_where_pages_are_swapped_in_the_case_is_the_answer(reception: Reception, numbers: tuple[str, str]) -> None:
    answer = reception.get("amy", "/find", params={"q": numbers[0]}, headers=SWAPPING)
    assert (answer.status_code, answer.headers["hx-push-url"]) == (200, f"/cases/{numbers[0]}")
    assert numbers[0] in answer.text


def test_what_several_have_is_a_list_that_says_by_what(reception: Reception, numbers: tuple[str, str]) -> None:
    first, second = numbers
    assert lines(find(reception, "amy", "12800000001")) == {second: "by Mobile", first: "by Mobile"}
    assert lines(find(reception, "amy", "0010170")) == {second: "by IMEI", first: "by IMEI"}


def test_what_is_masked_is_found_by_the_whole_of_it_only(reception: Reception, numbers: tuple[str, str]) -> None:
    assert set(lines(find(reception, "kit", "12800000001"))) == set(numbers)
    page = find(reception, "kit", "1280000")
    assert lines(page) == {}
    assert "12800000001" not in find(reception, "kit", "12800000001").select_one("#main .lines").text  # type: ignore[union-attr]


def test_what_one_may_not_see_is_not_found(reception: Reception, numbers: tuple[str, str]) -> None:
    for text in (*numbers, "001017000000011", "12800000001", "测试客户甲"):
        assert lines(find(reception, "ada", text)) == {}
        assert not reception.read("ada", "/find/hits", params={"q": text}).select(".hit")


def test_whoever_finds_no_device_may_receive_it(reception: Reception) -> None:
    link = find(reception, "amy", "001017000009999").select_one('#main a[href^="/intake"]')
    assert link is not None
    assert link["href"] == "/intake?subject=001017000009999"
    for text in ("12800009999", "测试客户乙"):
        page = find(reception, "amy", text)
        assert "Nothing found" in page.text
        assert page.select_one('#main a[href^="/intake"]') is None


def test_while_somebody_types_the_beginning_of_a_number_is_enough(reception: Reception, numbers: tuple[str, str]) -> None:
    def hits(text: str) -> list[str]:
        return [each["href"] for each in reception.read("amy", "/find/hits", params={"q": text}).select("a.hit")]  # type: ignore[misc]

    both = [f"/cases/{each}" for each in reversed(numbers)]
    assert hits("wx26-") == both
    assert hits("0010170000000") == both
    assert hits("12800000001") == both
    assert hits("1280000000") == []
    assert hits("wx") == []


@pytest.mark.usefixtures("few")
def test_whoever_searches_in_vain_too_often_has_to_wait(reception: Reception, numbers: tuple[str, str]) -> None:
    assert lines(find(reception, "amy", "12899999999")) == {}
    assert "Search again in" in find(reception, "amy", "12800000001", 429).text
    assert not reception.read("amy", "/find/hits", params={"q": "12800000001"}).select(".hit")
    assert reception.read("amy", "/find/hits", params={"q": numbers[0][:7]}).select(".hit")


def test_a_text_that_is_no_text_finds_nothing(reception: Reception) -> None:
    assert "What are you looking for?" in find(reception, "amy", " ").text
    assert lines(find(reception, "amy", "x" * 5000)) == {}
