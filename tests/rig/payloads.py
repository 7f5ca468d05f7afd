"""Texts that are harmless until somebody takes them for code: for HTML and script, a template, a formula, SQL, a header, a terminal.

And how they are entered wherever a person may write something: every text of a case, a remark, reasons, names of people and of files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from demo.phone import PHOTO
from engine.app import Application
from engine.core.command import Comment, Correct, Fire, OpenCase
from engine.errors import AftercareError
from engine.runtime.answer import Answer, Granted
from engine.runtime.staffing import add_person, assign
from engine.runtime.substitution import record_absence
from engine.store import files
from roles.absence import Absence
from roles.assignment import Assignment
from tests.runtime.company import caller, granted
from tests.web.centre import ROLES, TICKET

MARKUP: Mapping[str, str] = {
    "image": "<img src=x onerror=alert(1)>",
    "script": "</textarea></title></script><script>alert(2)</script>",
    "drawing": '"><svg onload=alert(3)>',
    "attribute": "x' autofocus onfocus='alert(4)' y=\" onmouseover=\"alert(5)",
    "address": "javascript:alert(6)",
    "frame": '<iframe srcdoc="<script>alert(7)</script>"></iframe><style>*{display:none}</style>',
    "htmx": '<b hx-get="/sign-out" hx-trigger="load" hx-on:click="alert(8)">',
    "entity": "&lt;script&gt;alert(9)&#60;/script&#62;",
}
TEMPLATES: Mapping[str, str] = {
    "template": "{{ 7 * 191 }}{% for a in 'xyz' %}{{ a }}{% endfor %}",
    "walk": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "place": "${7*191} {0.__class__} %(name)s #{7*191} {number} {name}",
}
FORMULAS: Mapping[str, str] = {
    "command": "=cmd|'/C calc'!A0",
    "link": '=HYPERLINK("http://example.invalid/"&A1,"x")',
    "plus": "+1+1",
    "minus": "-1+1|'x'!A0",
    "at": "@SUM(1,1)",
    "wide": "＝1+1",
    "tab": "\t=1+1",
    "return": "\r=1+1",
    "line": "\n=1+1",
    "quoted": '""=1+1',
    "kept": "'=1+1",
}
STATEMENTS: Mapping[str, str] = {
    "drop": "'; DROP TABLE cases; --",
    "always": "\" OR 1=1 OR ''='",
    "pattern": "%_\\'%",
}
LINES: Mapping[str, str] = {
    "header": "甲\r\nBcc: everybody@example.com",
    "body": "甲\n\nX-Injected: 1\n\nanother body",
    "word": "=?utf-8?q?=0D=0ABcc:_everybody=40example.com?=",
    "separator": "甲\u2028Bcc: everybody@example.com\x85{}",
}
TERMINAL: Mapping[str, str] = {
    "colour": "\x1b[31mred\x1b[0m",
    "title": "\x1b]0;owned\x07\x9b2J",
    "markup": "[red]x[/red] [link=http://example.invalid]y[/link] :bomb:",
    "direction": "工单\u202egnp.exe",
    "nothing": "a\x00b",
}
UNSEEN = ("colour", "title", "direction", "nothing", "separator")
"""Payloads with characters that nobody sees: no door takes them in."""
PAYLOADS: Mapping[str, str] = {**MARKUP, **TEMPLATES, **FORMULAS, **STATEMENTS, **LINES, **TERMINAL}


@dataclass(slots=True)
class Entered:
    """What came of a payload: the case that is full of it, where it was taken in, and where it was refused."""

    number: str
    taken: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def note(self, place: str, wish: Callable[[], Answer | object]) -> None:
        """Try to enter it there."""
        try:
            answer = wish()
        except AftercareError:
            self.refused.append(place)
        else:
            is_taken = isinstance(answer, Granted) or not hasattr(answer, "reasons")
            (self.taken if is_taken else self.refused).append(place)


def enter_everywhere(app: Application, payload: str, nth: int) -> Entered:
    """A phone comes to a shop in which the customer, a colleague and everything anybody writes is called like this."""
    ticket = {**TICKET, "imei": f"0010172{nth:08}", "mobile": f"1282{nth:07}"}
    entered, repairer = Entered(""), f"x{nth:03}"
    entered.number = granted(app.cases.open("phone-repair", OpenCase("receive", ticket), caller("amy"))).outcome.number
    for name in ("customer_name", "model", "symptom", "accessories", "appearance"):
        entered.note(name, partial(app.cases.handle, entered.number, Correct({name: payload}, "写错了"), caller("amy")))
    entered.note("remark", lambda: app.cases.handle(entered.number, Comment(payload), caller("amy")))
    entered.note("reason", lambda: app.cases.handle(entered.number, Correct({"model": f"示例 {nth}"}, payload), caller("amy")))
    add_person(app.database, repairer, f"样例维修{nth}")
    entered.note("person", lambda: add_person(app.database, repairer, payload))
    now = app.time.now()
    assign(app.database, ROLES, Assignment(repairer, "phone-repair-tester", "phone-01", now), at=now, by="os:owner")
    away = Absence("ray", now + timedelta(days=nth + 1), now + timedelta(days=nth + 2))
    entered.note("absence", lambda: record_absence(app.database, away, at=now, by="os:owner", reason=payload))
    granted(app.cases.handle(entered.number, Fire("take"), caller(repairer)))
    _enter_verdict(app, entered, payload, repairer)
    return entered


def _enter_verdict(app: Application, entered: Entered, payload: str, repairer: str) -> None:
    with app.database.write() as connection:
        photo = files.put(connection, PHOTO, "image/png", app.time.now())
    plain = {
        "fault": "liquid",
        "cause": "进水",
        "verdict_why": "进水标变红",
        "photos": [{"id": photo, "name": "a.png"}],
        "remedy": "repair",
    }
    named = {"photos": [{"id": photo, "name": f"{payload}.png"}]}
    for place, changed in (("cause", {"cause": payload, "verdict_why": payload}), ("file", named)):
        tried = {**plain, **changed}
        entered.note(place, partial(app.cases.handle, entered.number, Fire("exclude", tried), caller(repairer), dry_run=True))
        plain = plain if entered.refused[-1:] == [place] else tried
    granted(app.cases.handle(entered.number, Fire("exclude", plain), caller(repairer)))
