"""The templates of the product are good, use only what they are given, and read well in both languages."""

from __future__ import annotations

import pytest

from engine.label import Language
from notifications.library import SHIPPED, find, names
from notifications.render import check, render
from notifications.template import Template
from tests.unit.notifications.shipped import CASE, VALUES, VARIABLES

TO_CUSTOMERS = ("quote-ready", "ready-for-pickup", "repair-delayed", "repair-progress")


def shipped(name: str) -> Template:
    template = find(name, [SHIPPED])
    assert template is not None
    return template


def test_every_template_is_known_here() -> None:
    assert names([SHIPPED]) == tuple(sorted(VARIABLES))


@pytest.mark.parametrize("name", VARIABLES)
def test_a_template_uses_only_what_it_is_given(name: str) -> None:
    assert check(shipped(name), VARIABLES[name]) == ()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", VARIABLES)
def test_a_template_is_filled(name: str, language: Language) -> None:
    text = render(shipped(name), language, {key: VALUES[key] for key in VARIABLES[name]})

    assert "P26-000123" in text.subject
    assert CASE["link"] in text.body
    assert "{" not in text.subject + text.body
    assert ("，" in text.body) is (language == "zh")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", [name for name in VARIABLES if "case" in VARIABLES[name]])
def test_without_a_link_nothing_points_to_one(name: str, language: Language) -> None:
    with_link, without = (
        render(shipped(name), language, VALUES | {"case": CASE | {"link": link}}).body for link in ("https://cases.example.com/1", "")
    )

    assert len(without.splitlines()) < len(with_link.splitlines())
    assert "http" not in without


@pytest.mark.parametrize("name", TO_CUSTOMERS)
def test_a_customer_reads_no_full_name(name: str) -> None:
    body = render(shipped(name), "zh", VALUES).body

    assert "样例工程师01" not in body
    assert "您" in body
    assert len(body) < 200


def test_a_reminder_says_what_is_due_when() -> None:
    text = render(shipped("due-soon"), "zh", VALUES)

    assert text.subject == "即将到期：P26-000123 维修时限（还剩 1 小时 30 分）"
    assert "将于 2026-10-10 18:00 到期，还剩 1 小时 30 分。" in text.body
