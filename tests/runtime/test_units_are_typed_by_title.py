"""What is typed for a unit may be its title, in a field and in the column of a row."""

from __future__ import annotations

import pytest

from engine.label import Label
from engine.runtime.entry import enter
from tests.process import definition

UNITS = {"north": Label("北店", "North shop"), "south": Label("南店", "South shop")}
FORM = definition("""
fields:
  shop: {type: unit, title: 门店}
  note: {type: text, title: 备注}
  lines:
    type: list
    title: 明细
    of:
      send: {type: unit, title: 去向}
      text: {type: text, title: 说明}
start:
  open: {title: 受理, by: desk, asks: [shop?, note?, lines?], to: kept}
states:
  kept: {title: 在库, transitions: {end: {title: 结案, by: desk, to: done}}}
  done: {title: 完成, final: success}
""")


@pytest.mark.parametrize(("typed", "value"), [("北店", "north"), ("south SHOP", "south"), ("north", "north"), ("西店", "西店"), ("", "")])
def test_a_unit_is_found_by_id_or_title_and_anything_else_goes_on_to_be_refused(typed: str, value: str) -> None:
    assert enter({"门店": typed}, FORM, (), UNITS).data == {"shop": value}


def test_only_units_are_looked_up() -> None:
    rows = '[{"去向": "南店", "text": "南店"}]'

    assert enter({"note": "北店", "lines": rows}, FORM, (), UNITS).data == {"note": "北店", "lines": [{"send": "south", "text": "南店"}]}
