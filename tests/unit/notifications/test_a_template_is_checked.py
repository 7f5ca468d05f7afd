"""A template is refused for everything that is not on the list, all at once, with the line and the nearest valid name."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.errors import Misuse
from notifications.message import Text
from notifications.render import check, render
from notifications.template import FAULT_CODES, Fault, Template

VARIABLES = {"case": frozenset({"number", "title", "link"}), "amount": frozenset[str](), "parts": frozenset[str]()}
VALUES = {"case": {"number": "P26-000123", "title": "手机维修", "link": ""}, "amount": "¥468", "parts": ["屏幕", "电池"]}


def written(body: str) -> Template:
    """A template whose Chinese body is `body`, and whose other texts are good."""
    return Template("标题", body, "subject", "body")


def found(body: str) -> list[tuple[str, int, int | None]]:
    return [(fault.code, fault.line, fault.column) for fault in check(written(body), VARIABLES)]


def only(body: str) -> Fault:
    (fault,) = check(written(body), VARIABLES)
    return fault


@pytest.mark.parametrize(
    ("body", "filled"),
    [
        ("{{ case.number }}：{{ amount }}", "P26-000123：¥468"),
        ("{{ case.link|default('无') }}", "无"),
        ("{{ case.number|lower }}{{ case.number|upper|trim }}", "p26-000123P26-000123"),
        ("{{ parts|join('+') }}，共 {{ parts|length }} 件", "屏幕+电池，共 2 件"),
        ("{{ parts }}", "屏幕、电池"),
        ("{% for part in parts %}- {{ part }}\n{% endfor %}", "- 屏幕\n- 电池\n"),
        ("{% for part in parts %}{{ part }}{% else %}无{% endfor %}", "屏幕电池"),
        ("{% if case.link %}有{% elif amount == '¥468' and not case.link %}价{% else %}无{% endif %}", "价"),
        ("{% if '屏幕' in parts or amount > '9' %}是{% endif %}", "是"),
        ("{# a remark #}{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
    ],
)
def test_what_is_on_the_list_is_filled(body: str, filled: str) -> None:
    assert found(body) == []
    assert render(written(body), "zh", VALUES) == Text("标题", filled)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", [("template-empty", 1, None)]),
        (" \n ", [("template-empty", 1, None)]),
        ("x" * 20_001, [("template-too-long", 1, None)]),
        ("一\n{{ case.numbr }}", [("template-unknown-name", 2, 4)]),
        ("{{ caes.number }}", [("template-unknown-name", 1, 4)]),
        ("{{ amount.currency }}", [("template-unknown-name", 1, 4)]),
        ("{{ case }}", [("template-wrong-kind", 1, 4)]),
        ("{% for each in case %}{{ each }}{% endfor %}", [("template-wrong-kind", 1, 16)]),
        ("{{ amount|money }}", [("template-unknown-filter", 1, 11)]),
        ("{{ amount | money }}", [("template-unknown-filter", 1, 13)]),
        ("{{ amount|default }}", [("template-not-allowed", 1, 11)]),
        ("{{ amount|default(1) }}", [("template-not-allowed", 1, 11)]),
        ("{{ parts|join(d=',') }}", [("template-not-allowed", 1, 10)]),
        ("{{ amount|upper('x') }}", [("template-not-allowed", 1, 11)]),
        ("{{ amount and }}", [("template-syntax", 1, None)]),
        ("一\n二 {{ amount", [("template-syntax", 2, None)]),
        ("{% if amount %}", [("template-syntax", 1, None)]),
        ("{{ “amount” }}", [("template-syntax", 1, None)]),
        ("{{ " + "9" * 5000 + " }}", [("template-syntax", 1, None)]),
        ("{% if " + " and ".join(["amount"] * 40) + " %}x{% endif %}", [("template-too-deep", 1, None)]),
        ("{{ amount" + "|trim" * 40 + " }}", [("template-too-deep", 1, None)]),
        ("{{ " + "(" * 3000 + "amount" + ")" * 3000 + " }}", [("template-too-deep", 1, None)]),
        ("{% if amount %}x" + "{% elif amount %}x" * 900 + "{% endif %}", [("template-too-deep", 1, None)]),
        ("{% if amount %}" * 21 + "{% autoescape true %}x{% endautoescape %}" + "{% endif %}" * 21, [("template-too-deep", 1, None)]),
        ("{% for a in parts %}{% for b in parts %}{{ b }}{% endfor %}{% endfor %}", [("template-not-allowed", 1, None)]),
        ("{% for a in parts if a %}{{ a }}{% endfor %}", [("template-not-allowed", 1, None)]),
        ("{% for a, b in parts %}x{% endfor %}", [("template-not-allowed", 1, None)]),
        ("{% for case in parts %}x{% endfor %}", [("template-not-allowed", 1, None)]),
        ("{% for ｐart in parts %}x{% endfor %}", [("template-not-allowed", 1, None)]),
        ("{% for part in parts %}x{% endfor %}{{ part }}", [("template-unknown-name", 1, None)]),
        ("{% for part in parts %}{{ loop.index }}{% endfor %}", [("template-unknown-name", 1, 27)]),
    ],
)
def test_what_is_not_on_the_list_is_refused(body: str, expected: list[tuple[str, int, int | None]]) -> None:
    assert found(body) == expected


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("{{ amount.lower() }}", "a call"),
        ("{{ parts[0] }}", "square brackets"),
        ("{{ case.number.x }}", "a second dot"),
        ("{{ amount ~ amount }}", "“~”"),
        ("{{ amount is defined }}", "“is”"),
        ("{{ amount if amount else 'x' }}", "if … else within a value"),
        ("{{ 1 + 1 }}", "arithmetic"),
        ("{{ -amount }}", "arithmetic"),
        ("{{ [amount] }}", "a list"),
        ("{% set x = 1 %}", "an assignment"),
        ("{% with x = 1 %}{% endwith %}", "an assignment"),
        ("{% macro x() %}{% endmacro %}", "a macro"),
        ("{% filter upper %}x{% endfilter %}", "a macro"),
        ("{% include 'x' %}", "another template"),
        ("{% extends 'x' %}", "another template"),
        ("{% import 'x' as y %}", "another template"),
        ("{% block x %}{% endblock %}", "another template"),
        ("{% autoescape true %}x{% endautoescape %}", "what stands here"),
    ],
)
def test_what_is_refused_is_named(body: str, named: str) -> None:
    fault = only(body)

    assert fault.code == "template-not-allowed"
    assert fault.sentence.en == f"{named} cannot be used in a template"
    assert fault.way_out is not None


@pytest.mark.parametrize(
    ("body", "sentence", "way_out"),
    [
        ("{{ case.numbr }}", "没有变量“case.numbr”", "是不是想写“case.number”？"),
        ("{{ amuont }}", "没有变量“amuont”", "是不是想写“amount”？"),
        ("{{ xyz }}", "没有变量“xyz”", "可用：amount, case, parts。"),
        ("{{ case }}", "应为一个值，实际为由几部分组成的“case”", "可用：case.link, case.number, case.title。"),
        ("{{ amount|uper }}", "没有过滤器“uper”", "是不是想写“upper”？"),
    ],
)
def test_a_way_out_is_offered(body: str, sentence: str, way_out: str) -> None:
    fault = only(body)

    assert fault.sentence.zh == sentence
    assert fault.way_out is not None
    assert fault.way_out.zh == way_out


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("{% foo %}", "the tag “foo” is not expected here"),
        ("{% if amount %}", "the tag “if” is never closed"),
        ("{{ amount", "a brace is never closed"),
        ("{# amount", "a brace is never closed"),
        ("{{ amount ? 1 }}", "the character “?” means nothing here"),
        ("{{ amount amount }}", "“amount” is not expected here"),
        ("{{ amount and }}", "the expression is incomplete here"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(body: str, sentence: str) -> None:
    assert only(body).sentence.en == sentence


def test_all_faults_come_at_once() -> None:
    template = Template("{{ one }}", "{{ two }}\n{{ 1 + three }}{{ four|five }}", "{% if six %}", "{{ seven }}")

    found = [(fault.language, fault.part, fault.line, fault.code) for fault in check(template, VARIABLES)]

    assert found == [
        ("zh", "subject", 1, "template-unknown-name"),
        ("zh", "body", 1, "template-unknown-name"),
        ("zh", "body", 2, "template-not-allowed"),
        ("zh", "body", 2, "template-unknown-name"),
        ("zh", "body", 2, "template-unknown-filter"),
        ("en", "subject", 1, "template-syntax"),
        ("en", "body", 1, "template-unknown-name"),
    ]


LINES = (
    "{{ }} {% %} {# #} if elif else endif for in endfor not and or is set",
    "case amount parts number default join _x . | ( ) [ ] ' \" ~ + == , - 1 甲",
)
PIECES = ["\n", *(piece for line in LINES for piece in line.split())]


def outcome(body: str) -> str:
    """The filled body, or why it could not be filled."""
    try:
        return render(written(body), "zh", VALUES).body
    except Misuse as error:
        return error.sentence.en


@given(body=st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)))
@example(body="{{ '\\ud800' }}")
@example(body="{{ '\\x' }}")
@example(body="{{ parts|length == amount }}")
@example(body="{% if amount > 1 %}x{% endif %}")
@example(body="{% for x in amount %}{{ x }}{% endfor %}")
@example(body="{{ " + "not " * 3000 + "amount }}")
def test_whatever_is_written_is_answered_and_what_passes_is_filled(body: str) -> None:
    faults = check(written(body), VARIABLES)

    assert {fault.code for fault in faults} <= FAULT_CODES
    assert all(1 <= fault.line <= body.count("\n") + body.count("\r") + 1 for fault in faults)
    if not faults:
        outcome(body).encode()
