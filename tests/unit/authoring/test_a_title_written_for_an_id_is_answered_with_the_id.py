"""People write what they see: a title where the id must stand is answered with that id, in either language."""

from __future__ import annotations

import pytest

from tests.process import library, written

TEXT = """fields:
  result: {type: choice, title: 结论, choices: {good: 合格, bad: 返修}}
start:
  open: {title: 受理, by: desk, asks: result, to: mending}
states:
  mending:
    title: 维修中
    transitions:
      mend:
        title: 维修
        by: bench
        not_by: open
        requires: [{that: result == good, say: 须合格}]
        to: closed
  closed: {title: 完成, final: success}
"""


@pytest.mark.parametrize(
    ("written_so", "instead", "code", "meant"),
    [
        ("by: bench", "by: 维修", "unknown-role", "bench"),
        ("by: bench", "by: Front desk", "unknown-role", "desk"),
        ("not_by: open", "not_by: 受理", "unknown-step", "open"),
        ("to: closed", "to: 完成", "unknown-state", "closed"),
        ("result == good", "result == 合格", "unknown-choice", "good"),
        ("to: closed", "to: {field: result, is: {合格: closed, bad: stay}}", "unknown-choice", "good"),
        ("to: closed", "to: 关闭", "unknown-state", None),
    ],
)
def test_the_id_is_named(written_so: str, instead: str, code: str, meant: str | None) -> None:
    found = next(one for one in library(written(TEXT).replace(written_so, instead)).diagnostics if one.code == code)

    assert (found.way_out and found.way_out.en) == (meant and f"Write the id, not the title: “{meant}”.")
