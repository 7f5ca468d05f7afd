"""What the templates of the product may use, and values to fill them with."""

from __future__ import annotations

CASE = {"number": "P26-000123", "title": "手机维修", "state": "维修中", "link": "https://cases.example.com/P26-000123"}
VALUES: dict[str, object] = {
    "case": CASE,
    "recipient": {"name": "样例工程师01"},
    "clock": {"title": "维修时限", "due": "2026-10-10 18:00", "left": "还剩 1 小时 30 分"},
    "step": "关闭",
    "why": "附件未还",
}

ALWAYS = {"case": frozenset(CASE), "recipient": frozenset({"name"})}
CLOCK = {"clock": frozenset({"title", "due", "left"})}
VARIABLES = {
    "due-soon": ALWAYS | CLOCK,
    "overdue": ALWAYS | CLOCK,
    "quote-ready": ALWAYS,
    "ready-for-pickup": ALWAYS,
    "please-call-back": ALWAYS,
    "progress-due": ALWAYS,
    "step-refused": ALWAYS | {"step": frozenset[str](), "why": frozenset[str]()},
}
"""Template → the names that it may count on: reminders alone have a clock, and `with` passes the rest."""
