"""What is filled in comes out as it went in, is never read as a template, and cannot make a text of any size."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.errors import Misuse
from engine.label import Language
from notifications.message import Text
from notifications.render import render
from notifications.template import Template

NOTE = Template("{{ note }}", "前{{ note }}后", "{{ note }}", "before{{ note }}after")


def filled(body: str, language: Language = "zh", **values: object) -> str:
    return render(Template("标题", body, "subject", body), language, values).body


@given(note=st.text(max_size=500))
@example(note="{{ 7 * 7 }}")
@example(note="{% for x in y %}{{ x.__class__ }}{% endfor %}")
@example(note="{# 注释 #} <b>&amp;</b> \r\n\t\x00\u2028")
@example(note="\r\n.\r\n")
def test_any_text_comes_out_verbatim_in_the_body(note: str) -> None:
    assert render(NOTE, "zh", {"note": note}).body == f"前{note}后"
    assert render(NOTE, "en", {"note": note}).body == f"before{note}after"


@given(note=st.text(max_size=500))
@example(note="a\r\nBcc: b")
def test_a_subject_is_one_line_of_at_most_two_hundred_characters(note: str) -> None:
    subject = render(NOTE, "zh", {"note": note}).subject

    assert len(subject) <= 200
    assert subject.splitlines() in ([], [subject])


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (None, "", ""),
        (True, "是", "yes"),
        (False, "否", "no"),
        (3, "3", "3"),
        (Decimal("468.00"), "468.00", "468.00"),
        (["屏幕", None, True], "屏幕、、是", "屏幕, , yes"),
        ((), "", ""),
    ],
)
def test_values_are_shown_in_the_language_of_the_reader(value: object, zh: str, en: str) -> None:
    assert (filled("{{ x }}", "zh", x=value), filled("{{ x }}", "en", x=value)) == (zh, en)


def test_a_flag_still_decides() -> None:
    assert filled("{% if x %}有{% else %}无{% endif %}", x=False) == "无"


def test_a_part_is_never_a_method() -> None:
    parts = {name: f"my {name}" for name in ("items", "keys", "get", "copy")}

    assert filled("{{ x.items }}, {{ x.keys }}, {{ x.get }}, {{ x.copy }}", x=parts) == "my items, my keys, my get, my copy"


def test_an_empty_value_can_have_a_stand_in() -> None:
    assert filled("{{ x|default('-') }}{{ y|default('-') }}{{ z|default('-') }}", x=None, y="", z=0) == "--0"


def test_a_missing_value_is_a_mistake_that_is_said() -> None:
    with pytest.raises(Misuse) as refusal:
        filled("{{ x }}")

    assert refusal.value.sentence.en == "The body of the template cannot be filled: a value is missing."


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("{% if x > 3 %}大{% endif %}", "text"),
        ("{{ x|length }}", 3),
        ("{% for item in x %}{{ item }}{% endfor %}", 3),
        ("{% if x > 3 %}大{% endif %}", Decimal("sNaN")),
        ("{{ x }}", {"name": "甲"}),
    ],
)
def test_a_value_of_the_wrong_kind_is_a_mistake_that_is_said(body: str, value: object) -> None:
    with pytest.raises(Misuse) as refusal:
        filled(body, x=value)

    assert refusal.value.sentence.en == "The body of the template cannot be filled: a value is of the wrong kind."


def test_a_long_body_is_cut() -> None:
    body = filled("{{ x }}", x="长" * 50_000)

    assert len(body) == 20_000
    assert body.endswith("长…")


def test_a_body_that_multiplies_is_cut_while_it_grows() -> None:
    many = "{% for item in x %}" + "{{ item }}" * 1_000 + "{% endfor %}"

    assert len(filled(many, x=["长" * 20_000] * 100)) == 20_000


def test_a_long_list_shows_its_beginning_and_counts_all() -> None:
    many = [str(number) for number in range(1_000)]

    assert filled("{% for item in x %}{{ item }} {% endfor %}", x=many) == " ".join(many[:100]) + " … "
    assert filled("{{ x|join(' ') }}", x=many) == " ".join(many[:100]) + " …"
    assert filled("{{ x|length }}", x=many) == "1000"


def test_half_a_character_is_replaced() -> None:
    assert render(NOTE, "zh", {"note": "\ud800"}) == Text("?", "前?后")
