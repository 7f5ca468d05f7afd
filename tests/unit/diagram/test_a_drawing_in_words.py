"""The same drawing as text: an outline for the terminal and a flowchart for Mermaid, with marks and in both languages."""

from __future__ import annotations

import re

import pytest

from engine.authoring.diagram.drawing import draw
from engine.authoring.diagram.measure import columns
from engine.authoring.diagram.mermaid import mermaid
from engine.authoring.diagram.outline import outline
from engine.label import Language
from tests.process import definition
from tests.unit.diagram.shipped import LANGUAGES, definitions, drawings, marked
from tests.unit.diagram.test_a_drawing_holds_the_whole_process import LENDING
from tests.unit.diagram.test_a_picture_needs_nothing_else import HOSTILE

OUTLINE = """\
收件（parcel，第 1 版）
  ⏱ 全程 · 30 天 · 法定 · 任一未结状态 · 暂停于：待批

  开始
    登记                  前台、客户
              → 已借出  价值 < 500
              → 待批    否则

── 申请 ────────────────────────────────────────────────────

  ● 待批
    ⧗ 等客户
    ⏱ 答复 · 4 工作小时
    批准                  维修
              → 已借出  手机
              → 作废    平板
    提醒      ↻         前台

── 处理 ────────────────────────────────────────────────────

  ● 已借出
    ⏱ 借期 · 至“归还日”
    归还      → 完成    前台
    到期作废  → 作废    由时限触发：借期

── 结束 ────────────────────────────────────────────────────

  ✔ 完成 · 成功

  ○ 作废 · 放弃
"""


def test_the_outline_says_phase_by_phase_where_each_step_leads_and_who_may() -> None:
    assert outline(draw(definition(LENDING)), "zh", width=60) == OUTLINE.replace(
        "登记                  前", "登记                前"
    ).replace("批准                  维", "批准                维")


@pytest.mark.parametrize("workflow", definitions())
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_outline_fits_its_width(workflow: str, language: Language) -> None:
    lines = outline(drawings()[workflow], language, marked(drawings()[workflow]), 72).splitlines()

    assert max(map(columns, lines)) <= 72
    assert [line for line in lines if line != line.rstrip()] == []


def test_the_outline_says_what_was_never_taken() -> None:
    drawing = drawings()["phone-callback"]

    told = outline(drawing, "en", marked(drawing))

    assert "×3" in told
    assert "✗ never taken" in told
    assert "never entered" in told


def test_the_flowchart_groups_phases_and_names_who_may() -> None:
    lines = mermaid(draw(definition(LENDING)), "zh").splitlines()

    assert lines[:5] == ["---", 'title: "收件"', "---", "flowchart TD", "    start((( )))"]
    assert '    subgraph p_request["申请"]' in lines
    assert '        s_asked["待批<br>等客户<br>⏱ 答复 · 4 工作小时"]' in lines
    assert '    s_asked -->|"批准 [手机]<br>维修"| s_lent' in lines
    assert '    s_lent -->|"到期作废<br>⏱ 借期"| s_gone' in lines


def test_the_flowchart_draws_a_step_of_many_states_once() -> None:
    text = mermaid(drawings()["phone-repair"], "en")

    assert text.count("Stop and return") == 1
    assert re.search(r'many_1\[/"Any open state but [^"]*"/\]', text)


def test_marks_style_the_arrows_of_the_flowchart() -> None:
    drawing = drawings()["phone-callback"]

    lines = mermaid(drawing, "en", marked(drawing)).splitlines()

    arrows = [line for line in lines if "-->" in line]
    styled = [number for line in lines if "linkStyle" in line for number in line.split()[1].split(",")]
    assert sorted(map(int, styled)) == list(range(len(arrows)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_titles_stay_text_in_mermaid(language: Language) -> None:
    lines = mermaid(draw(definition(HOSTILE)), language).splitlines()

    for line in lines[4:]:
        assert line.count('"') in (0, 2), line
        assert "<" not in line.replace("<br>", ""), line
