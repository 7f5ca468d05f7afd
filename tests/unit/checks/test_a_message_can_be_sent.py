"""What a template shows is there wherever it is used, in both languages; what is passed to it is shown, and nothing personal is."""

from __future__ import annotations

import pytest

from engine.authoring.diagnostic import Diagnostic
from engine.authoring.document import read
from engine.authoring.library import check_documents
from engine.authoring.supplies import Supplies
from engine.definition.message import MessageTemplate, Wording
from tests.process import ROLES, SUPPLIES, tidy, written

TEXT = """
calendar: desk-hours
parties:
  customer: {{name: caller, email: mail}}
fields:
  caller: {{type: text, title: 客户, personal: true}}
  mail: {{type: email, title: 邮箱, personal: true}}
  born: {{type: date, title: 生日, personal: true}}
  label: {{type: text, title: 称呼, personal: true, computed: caller}}
  known: {{type: boolean, title: 已知, computed: caller is set}}
  price: {{type: integer, title: 价格}}
  kind: {{type: choice, title: 类, choices: {{x: 甲, y: 乙}}}}
start:
  open: {{title: 受理, by: desk, asks: [caller, mail, born, price, kind], notify: [{notice}], to: work}}
states:
  work: {{title: 办理, transitions: {{end: {{title: 结案, by: desk, to: done}}}}}}
  done: {{title: 完成, final: success}}
clocks:
  watch: {{title: 时限, runs_in: work, limit: 4wh, ladder: {ladder}}}
{more}"""


PLAIN = MessageTemplate(zh=Wording(subject="甲", body="乙"), en=Wording(subject="A", body="B"))


def found(body: str, *, notice: str = "", ladder: str = "[]", more: str = "", zh: str | None = None) -> tuple[Diagnostic, ...]:
    """What is said of a document whose template `t` has this body; where nothing else does, a line of `notify` uses it."""
    template = MessageTemplate(zh=Wording(subject="甲", body=zh or body), en=Wording(subject="A", body=body))
    supplies = Supplies(SUPPLIES.calendars, {"t": template, "plain": PLAIN})
    told = notice or f"{{tell: boss, template: {'t' if ladder == '[]' else 'plain'}}}"
    text = written(TEXT.format(notice=told, ladder=ladder, more=more))
    return tidy(check_documents([read(text.encode(), "a.yaml")], ROLES, supplies)).diagnostics


def codes(found: tuple[Diagnostic, ...]) -> list[str]:
    return [one.code for one in found]


def test_a_line_may_show_the_case_the_recipient_and_what_it_is_given() -> None:
    body = "{{ case.number }} {{ case.title }} {{ case.state }} {{ case.link }} {{ recipient.name }} {{ amount }}"

    assert found(body, notice="{tell: boss, template: t, with: {amount: price}}") == ()


def test_a_rung_may_show_its_clock_and_a_line_of_notify_may_not() -> None:
    body = "{{ clock.title }} {{ clock.due }} {{ clock.left }}"

    assert found(body, ladder="[{at: due, tell: boss, template: t}]") == ()
    assert set(codes(found(body))) == {"unknown-variable"}


def test_a_shared_ladder_is_checked_once_however_many_clocks_climb_it() -> None:
    more = "  again: {title: 再次, runs_in: work, limit: 8wh, ladder: late}\nladders:\n  late: [{at: due, tell: boss, template: t}]\n"

    (one,) = found("{{ amount }}", ladder="late", more=more)

    assert (one.code, one.sentence.en) == (
        "unknown-variable",
        "template “t” (Chinese body, line 1, column 4; English body, line 1, column 4): there is no variable “amount”",
    )
    assert one.sentence.zh == "模板“t”（中文正文第 1 行第 4 列、英文正文第 1 行第 4 列）：没有变量“amount”"


def test_each_language_is_checked() -> None:
    (one,) = found("{{ case.number }}", zh="{{ case.numbr }}")

    assert one.code == "unknown-variable"
    assert "（中文正文第 1 行" in one.sentence.zh
    assert one.way_out is not None
    assert one.way_out.en == "Did you mean “case.number”?"


@pytest.mark.parametrize("body", ["{% include 'x' %}", "{{ case.number", "{{ case }}", "{{ case.number | upcase }}", "{{ 1 + 1 }}"])
def test_what_a_template_must_not_hold_is_told_where_it_is_used(body: str) -> None:
    (one,) = found(body)

    assert one.code == "template-fault"
    assert one.severity == "error"


def test_every_template_that_may_be_chosen_is_checked() -> None:
    notice = "{tell: boss, template: {field: kind, is: {x: t, y: plain}}}"

    assert codes(found("{{ amount }}", notice=notice)) == ["unknown-variable"]
    assert found("B", notice=notice) == ()


@pytest.mark.parametrize("value", ["caller", "label", "caller otherwise 'x'", "born", "days(born to today())"])
@pytest.mark.parametrize("tell", ["boss", "customer"])
def test_nothing_personal_is_passed_on_to_anybody(value: str, tell: str) -> None:
    (one,) = found("{{ what }}", notice=f"{{tell: {tell}, template: t, with: {{what: {value}}}}}")

    assert one.code == "personal-in-message"


@pytest.mark.parametrize("value", ["price", "known", "caller is set", "kind", "number"])
def test_what_is_not_personal_or_only_says_yes_or_no_is_passed_on(value: str) -> None:
    assert found("{{ what }}", notice=f"{{tell: boss, template: t, with: {{what: {value}}}}}") == ()


def test_a_value_that_no_template_shows_is_a_warning() -> None:
    chosen = "{tell: boss, template: {field: kind, is: {x: t, y: plain}}, with: {amount: price}}"

    (one,) = found("B", notice=chosen)

    assert (one.code, one.severity) == ("unused-variable", "warning")
    assert found("{% if amount %}{{ case.number }}{% endif %}", notice=chosen) == ()
