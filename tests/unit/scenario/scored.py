"""A process in which every rule is under test, its stories by name, and how they are read."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from engine.authoring.diagnostic import has_errors
from engine.authoring.document import read
from engine.authoring.library import Checked
from engine.authoring.loader import load
from engine.authoring.scenario.script import Script
from engine.authoring.scenario.setting import Setting
from engine.definition.scenario import ScenarioFile
from tests.process import ROLES, SHANGHAI, library

PROCESS = """
workflow: loan
version: 1
title: 借机
owner: boss
organisation: shop
number: "L{yy}-{seq:04}"
calendar: desk-hours
fields:
  value:  {type: integer, title: 价值}
  use:    {type: text, title: 用途}
  reply:  {type: text, title: 答复}
  keeper: {type: person, title: 保管人}
start:
  ask: {title: 申请, by: desk, asks: [value, use], to: [{when: value < 500, then: lent}, {else: asking}]}
states:
  asking:
    title: 待批
    transitions:
      allow: {title: 批准, by: [boss, bench], not_by: [ask], asks: reply?, set: {keeper: actor}, assign: keeper, to: lent}
      refuse: {title: 不批, by: boss, reason: required, to: gone}
  lent:
    title: 已借出
    transitions:
      return:
        title: 归还
        by: desk
        shows: use
        requires: [{that: value < 900 or reply is set, say: 须有答复}]
        notify: [{tell: [boss, bench], template: quote-ready}]
        to: done
  done: {title: 完成, final: success}
  gone: {title: 作废, final: abandoned}
clocks:
  term: {title: 借期, runs_in: lent, limit: 4wh, ladder: [{at: due, tell: boss, template: overdue}]}
"""

HEAD = """
workflow: loan
people: {dan: desk, don: desk, dot: [desk, boss], bob: boss, tom: bench}
"""

STORIES = {
    "small": """
      - {do: ask, by: bob, with: {value: 1, use: 测试}, refused: not_authorised}
      - {do: ask, by: dan, with: {}, refused: data_invalid, because: [value, use]}
      - {do: ask, by: dan, with: {value: 499, use: 测试}, expect: {state: lent, due: {term: "2026-09-28 14:30"}}}
      - {do: return, by: dan, expect: {state: done, told: [bob, dot, tom]}}
""",
    "large": """
      - {do: ask, by: dot, with: {value: 500, use: 测试}, expect: {state: asking}}
      - {do: allow, by: dot, refused: separation_of_duties}
      - {do: allow, by: don, refused: not_authorised}
      - {do: allow, by: bob, expect: {state: lent, assignee: bob, fields: {keeper: bob}}}
      - {do: return, by: bob, refused: not_authorised}
""",
    "costly": """
      - {do: ask, by: dan, with: {value: 900, use: 测试}}
      - {do: allow, by: tom}
      - {do: return, by: dan, refused: guard_unmet}
""",
    "cheaper": """
      - {do: ask, by: dan, with: {value: 899, use: 测试}}
      - {do: allow, by: tom}
      - {do: return, by: dan}
""",
    "answered": """
      - {do: ask, by: dan, with: {value: 900, use: 测试}}
      - {do: allow, by: tom, with: {reply: 可}}
      - {do: return, by: dan}
""",
    "refused": """
      - {do: ask, by: dan, with: {value: 900, use: 测试}}
      - {do: refuse, by: dan, reason: 无机, refused: not_authorised}
      - {do: refuse, by: bob, refused: data_invalid}
      - {do: refuse, by: bob, reason: 无机, expect: {state: gone}}
""",
    "late": """
      - {do: ask, by: dan, with: {value: 1, use: 测试}}
      - {wait: 4wh, expect: {told: dot}}
""",
}


@cache
def checked() -> Checked:
    """The process, which must hold."""
    found = library(PROCESS)
    assert not has_errors(found.diagnostics), [(one.code, one.span, one.sentence.en) for one in found.diagnostics]
    return found.checked[0]


def setting() -> Setting:
    """Where the stories are told."""
    return Setting.of([checked().compiled], ROLES, SHANGHAI, ())


def script(stories: Iterable[str] = STORIES, more: str = "") -> Script:
    """A file of these stories; `more` stands at its end."""
    told = "".join(f'  - name: {{zh: {name}, en: {name}}}\n    at: "2026-09-28 09:00"\n    steps:{STORIES[name]}' for name in stories)
    document = read(f"{HEAD}scenarios:\n{told}{more}".encode(), "loan.scenarios.yaml")
    file, diagnostics = load(document, ScenarioFile)
    assert file is not None, [(one.code, one.span, one.sentence.en) for one in diagnostics]
    return Script.of(document, file)
