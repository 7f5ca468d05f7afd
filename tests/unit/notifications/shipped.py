"""What the templates of the product may use, and values to fill them with."""

from __future__ import annotations

CASE = {"number": "P26-000123", "title": "手机维修", "state": "维修中", "link": "https://cases.example.com/P26-000123"}
VALUES: dict[str, object] = {
    "case": CASE,
    "recipient": {"name": "样例工程师01"},
    "clock": {"title": "维修时限", "due": "2026-10-10 18:00", "left": "还剩 1 小时 30 分"},
    "step": "关闭",
    "why": "附件未还",
    "parent": "P26-000122",
    "material": "X20-尾插小板",
    "clocks": "三包时限",
    "count": 2,
    "first": "已到期：P26-000123 维修时限",
    "entries": [f"已到期：P26-000123 维修时限 {CASE['link']}", "请回访客户：P26-000123"],
}

ALWAYS = {"case": frozenset(CASE), "recipient": frozenset({"name"})}
CLOCK = {"clock": frozenset({"title", "due", "left"})}
VARIABLES = {
    "child-not-cancelled": ALWAYS | {"parent": frozenset[str](), "step": frozenset[str](), "why": frozenset[str]()},
    "digest": {"recipient": frozenset({"name"}), "count": frozenset[str](), "first": frozenset[str](), "entries": frozenset[str]()},
    "due-soon": ALWAYS | CLOCK,
    "no-parts": ALWAYS | {"material": frozenset[str]()},
    "nobody-to-assign": ALWAYS | {"why": frozenset[str]()},
    "overdue": ALWAYS | CLOCK,
    "parts-arrived": ALWAYS | {"material": frozenset[str]()},
    "parts-withdrawn": ALWAYS | {"material": frozenset[str]()},
    "quote-ready": ALWAYS,
    "ready-for-pickup": ALWAYS,
    "please-call-back": ALWAYS,
    "progress-due": ALWAYS,
    "step-refused": ALWAYS | {"step": frozenset[str](), "why": frozenset[str]()},
    "step-undone": ALWAYS | {"step": frozenset[str](), "why": frozenset[str](), "clocks": frozenset[str]()},
}
"""Template → the names that it may count on: reminders alone have a clock, and `with` passes the rest."""
