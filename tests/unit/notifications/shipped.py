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
    "bay": "3",
    "defect": "制动仍有异响",
    "eta": "2026-10-12",
    "problem": "后制动片厚度不足",
    "progress": "制动片已换好",
    "promised": "2026-10-10 17:00",
    "reworks": 1,
    "safety": "是",
    "count": 2,
    "first": "已到期：P26-000123 维修时限",
    "entries": [f"已到期：P26-000123 维修时限 {CASE['link']}", "请回访客户：P26-000123"],
}

ALWAYS = {"case": frozenset(CASE), "recipient": frozenset({"name"})}
CLOCK = {"clock": frozenset({"title", "due", "left"})}
VARIABLES = {
    "change-answered": ALWAYS,
    "change-reported": ALWAYS | {"problem": frozenset[str](), "safety": frozenset[str]()},
    "change-to-price": ALWAYS,
    "child-not-cancelled": ALWAYS | {"parent": frozenset[str](), "step": frozenset[str](), "why": frozenset[str]()},
    "customer-dissatisfied": ALWAYS,
    "digest": {"recipient": frozenset({"name"}), "count": frozenset[str](), "first": frozenset[str](), "entries": frozenset[str]()},
    "due-soon": ALWAYS | CLOCK,
    "inspection-failed": ALWAYS | {"defect": frozenset[str](), "reworks": frozenset[str]()},
    "job-dispatched": ALWAYS | {"bay": frozenset[str](), "promised": frozenset[str]()},
    "loaner-due": ALWAYS | CLOCK,
    "no-parts": ALWAYS | {"material": frozenset[str]()},
    "nobody-to-assign": ALWAYS | {"why": frozenset[str]()},
    "opinion-given": ALWAYS,
    "overdue": ALWAYS | CLOCK,
    "parts-arrived": ALWAYS | {"material": frozenset[str]()},
    "parts-expected": ALWAYS | {"eta": frozenset[str]()},
    "parts-not-coming": ALWAYS,
    "parts-not-needed": ALWAYS,
    "parts-ready": ALWAYS,
    "parts-withdrawn": ALWAYS | {"material": frozenset[str]()},
    "quote-ready": ALWAYS,
    "ready-for-pickup": ALWAYS,
    "please-call-back": ALWAYS,
    "progress-due": ALWAYS,
    "repair-delayed": ALWAYS | {"promised": frozenset[str]()},
    "repair-progress": ALWAYS | {"progress": frozenset[str](), "promised": frozenset[str]()},
    "step-refused": ALWAYS | {"step": frozenset[str](), "why": frozenset[str]()},
    "step-undone": ALWAYS | {"step": frozenset[str](), "why": frozenset[str](), "clocks": frozenset[str]()},
    "work-can-go-on": ALWAYS,
}
"""Template → the names that it may count on: reminders alone have a clock, and `with` passes the rest."""
