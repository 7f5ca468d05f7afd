"""Pages withstand anything that a browser, or whoever plays one, may send (reliability bars 30 and 34, in quick form).

Every path of the screen is asked again and again, by everybody there can be, with names of what there is and with the oddest values, in
its path, its query, its form and its headers – the same requests each time, of one seed. Each is answered with a page: never by a failure
of ours, a traceback or JSON, always with what a browser may do with it; a GET changes nothing; and afterwards every case is still proven.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from bs4 import BeautifulSoup
from fastapi.routing import APIRoute
from httpx2 import Response

from engine.core.command import Fire
from engine.runtime import staffing
from tests.acceptance.repair_centre import WORKFLOW, found
from tests.console.desk import Desk, Paper, open_desk, paper
from tests.console.entrance import Entrance
from tests.console.reception import Reception, open_reception
from tests.rig.report import Run, Tell
from tests.runtime.accounting import give, quick_hashing
from tests.runtime.company import Company, caller
from tests.runtime.company import found as found_company
from tests.web.centre import START, Busy, make_busy
from web.console.console import PAGES

pytestmark = pytest.mark.reliability

SEED = 34
READS, WISHES, FORMS = 1_600, 1_200, 1_200
PEOPLE = ("abe", "moe", "mia", "amy", "tom", "ted", "ken", "ada", "nil", "sue", "sid", "courier", None)
"""Administrators of all and of a shop, a supervisor, a clerk, somebody who is away, one of the other shop, of the warehouse, of another
organisation, without a role, with a temporary password, disabled, a program, nobody."""
ODD = (
    *("", " ", "0", "-1", "1", "3.5", "1e9", "nan", "true", "9" * 30, "2147483648", "9223372036854775808", "１２", "٣", "²", "x" * 2_000),
    *("{0}", "{number}", "{0.__class__}", "%s%n", "${7*191}", "%", "_", "*", "' OR 1=1 --", "\\", "..", ".", "/", "//evil.example", "-"),
    *(
        "工单",
        "𠮷",
        "é" * 40,
        "a\u202eb",
        "\x1b[31m",
        "a\tb",
        "a\r\nX-Evil: 1",
        "\x7f",
        "\ufffe",
        "<img src=x>",
        '"><svg>',
        "javascript:alert(1)",
    ),
    *("9999-12-31", "0001-01-01", "2026-02-30", "2026-10-01", "24:00", "13:00+25:00", "99999-01-01T00:00", "-~x~y", "1.1", "a/1.1"),
    *("add:photos", "drop:photos.0", "add:", "drop:", "foresee", "/work?x=工", "/board/nowhere?unit=x", "/work\r\nX-Evil: 1", "/\t/["),
)
NAMES = (
    *("person", "password", "next", "end", "old", "new", "again", "back", "language"),
    *("theme", "keys", "id", "name", "email", "role", "unit", "since", "until"),
    *("first", "begins", "last", "ends", "deputy", "reason", "text", "put_down", "step"),
    *("revision", "seq", "key", "do", "all", "number", "numbers", "workflow", "state"),
    *("holder", "mine", "late", "subject", "from", "reference", "note", "was", "source"),
    *("file", "page", "before", "after", "seen", "q", "kind", "settled", "nobody"),
    *("to", "part", "wall", "been", "received", "whose", "here", "seq", "unit_title"),
)
HEADERS: tuple[dict[str, str], ...] = (
    *({}, {}, {"HX-Request": "true"}, {"HX-Request": "true", "HX-Target": "div#move", "HX-Current-URL": "http://["}),
    *({"HX-Request": "true", "HX-History-Restore-Request": "true"}, {"Aftercare-Poll": "true"}, {"Host": "evil.example/account/password?"}),
    *(
        {"X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example"},
        {"X-HTTP-Method-Override": "DELETE"},
        {"Accept": "application/json"},
    ),
    *({"Authorization": "Bearer x"}, {"If-None-Match": "*", "Range": "bytes=0-1"}, {"Accept-Encoding": "gzip"}, {"Cookie": "a=b; =; ;;"}),
)
MEDIA = (
    *("multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x; charset=undefined", "text/plain", ""),
    *("multipart/form-data; boundary=x; charset=unicode_escape", "application/json", "application/x-www-form-urlencoded; charset=utf-16"),
)
BODIES = (
    *(b"", b"=", b"&&&=&", b"a=%ZZ&b=%ed%a0%80&c=%00", b"\xff\xfe=\x00", b'{"a": 1}', b"a=1&" * 3_000, b"--x", b"--x--\r\n", b"x" * 10_000),
    b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\\ud800\r\n--x--\r\n',
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="\\ud800.csv"\r\n\r\na,b\r\n--x--\r\n',
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="/"\r\n\r\nreference\r\n1\r\n--x--\r\n',
    b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n",
)
FILES = (("a.png", b"\x89PNG\r\n\x1a\n"), (".", b"reference\n1\n"), ("a.csv", b"\xff\xfe\x00"), ("x" * 400 + ".txt", b"x"), ("\u202e", b""))
JSON = re.compile(r"^\s*[{\[]")


@dataclass
class Storm:
    """Everything that is asked, out of one seed, and what was wrong with the answers."""

    reception: Reception
    entrance: Entrance
    busy: Busy
    random: Random = field(default_factory=lambda: Random(SEED))
    asked: int = 0
    wrong: list[object] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        app, busy = self.reception.app, self.busy
        definition = app.catalog.newest(WORKFLOW)
        numbers = (busy.waiting, busy.taken, busy.waiting_elsewhere, busy.taken_elsewhere)
        roster = app.directory.roster()
        plan = app.bulk.plan("take", [busy.waiting], {}, None, caller("tom"), most=10).plan.id
        self.known = {
            "number": numbers,
            "numbers": (" ".join(numbers),),
            "workflow": (WORKFLOW, "phone-callback"),
            "start": tuple(definition.starts),
            "step": tuple(definition.states["received"].steps) + tuple(definition.states["diagnosing"].steps),
            "clock": tuple(definition.clocks),
            "person": tuple(roster.people)[:30],
            "deputy": ("sue", "ted", "amy"),
            "role": ("phone-front-desk", "administrator", "customer"),
            "unit": tuple(roster.unit_titles),
            "field": tuple(definition.fields),
            "phase": ("work", "intake", "handover"),
            "id": (plan, *(each.incident.id for each in app.incidents.page(9).lines), "1", "2"),
            "digest": (definition.digest,),
            "state": tuple(definition.states),
            "language": ("zh", "en"),
            "theme": ("light", "dark"),
            "subject": ("001017000000011", "12800000001"),
            "q": ("001017000000011", "12800000001", "WX26", "测试客户甲"),
            "back": ("/work", f"/board/{WORKFLOW}?late=1", "/"),
            "key": ("k1", "k2"),
            "revision": ("1", "2"),
        }

    @property
    def fields(self) -> tuple[str, ...]:
        """Names that a form may send."""
        of_form = [f"data.{name}" for name in self.known["field"]]
        return (*NAMES, *of_form, *(f"{name}.{place}.row" for name in of_form[:6] for place in ("0", "1", "x", "99999")))

    def value(self, name: str, *, likely: float = 0.6) -> str:
        """Something that there is, or something odd."""
        known = self.known.get(name, ())
        return self.random.choice(known) if known and self.random.random() < likely else self.random.choice(ODD)

    def path(self, template: str) -> str:
        """A path with names in the place of braces."""
        return re.sub(r"\{(\w+)(?::path)?\}", lambda found: quote(self.value(found[1], likely=0.8), safe=""), template)

    def some(self, most: int) -> list[tuple[str, str]]:
        """Some values, names and all."""
        names = self.random.choices(self.fields, k=self.random.randrange(most))
        return [(name, self.value(name)) for name in names]

    def ask(self, method: str, template: str) -> None:
        """One request of one of the people."""
        who, path = self.random.choice(PEOPLE), self.path(template)
        more: dict[str, Any] = {"headers": {**self.random.choice(HEADERS)}}
        if self.random.random() < 0.6:
            path += f"?{urlencode(self.some(5))}"
        if method == "POST":
            more |= self._body(more["headers"])
        browser = self.entrance.browser() if who is None else self.reception.browser(who)
        self._judge(f"{method} {template}", (who, path, more), browser.request(method, path, **more))

    def _body(self, headers: dict[str, str]) -> dict[str, Any]:
        kind = self.random.random()
        if kind < 0.7:
            return {"data": _gathered(self.some(9))}
        if kind < 0.85:
            name = self.random.choice(("file", "data.photos", "text", "person"))
            return {"data": _gathered(self.some(6)), "files": {name: self.random.choice(FILES)}}
        return {"content": self.random.choice(BODIES), "headers": {**headers, "Content-Type": self.random.choice(MEDIA)}}

    def _judge(self, route: str, asked: object, answer: Response) -> None:
        self.asked += 1
        self.statuses[answer.status_code] += 1
        headers, text = answer.headers, answer.text
        faults = [
            answer.status_code >= 500,
            "Traceback" in text,
            "json" in headers.get("content-type", "") or (route.startswith("POST") and JSON.match(text) is not None),
            "content-security-policy" not in headers or headers["x-content-type-options"] != "nosniff",
            headers["cache-control"] != "no-store" and "/diagrams/" not in route,
            "x-evil" in headers or any(not is_within(headers.get(each, "/")) for each in ("location", "hx-redirect")),
        ]
        if any(faults):
            self.wrong.append((route, faults, asked, answer.status_code, text[:300]))


def is_within(address: str) -> bool:
    """Whether a browser that is sent there stays here."""
    return address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isascii()


def _gathered(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def routes(method: str) -> list[str]:
    """All paths of pages that know this method."""
    return [each.path for module in PAGES for each in module.router.routes if isinstance(each, APIRoute) and method in (each.methods or ())]


@pytest.fixture(scope="module")
def storm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storm]:
    """The busy centre with everybody there can be."""
    url = f"sqlite:///{tmp_path_factory.mktemp('storm') / 'aftercare.db'}"
    found(url, simulated_from=START)
    with quick_hashing(), open_reception(url) as reception:
        app, busy = reception.app, make_busy(reception.centre)
        staffing.add_person(app.database, "nil", "样例新人01")
        staffing.disable(app.database, "sid", at=app.time.now())
        give(app, "sue", temporary=True)
        app.cases.handle(busy.taken, Fire("diagnose"), caller("tom"), dry_run=True)
        yield Storm(reception, Entrance.of(reception), busy)


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, list[tuple[str, Paper]]]]:
    """A company whose forms have a field of every kind, and all forms that its people have before them."""
    url = f"sqlite:///{tmp_path_factory.mktemp('sheets') / 'aftercare.db'}"
    found_company(url)
    with quick_hashing(), open_desk(url) as desk:
        number, repair = desk.begun(), desk.company.opened()
        pages = [
            *(("cai", f"/cases/{number}/{each}") for each in ("steps/fill", "steps/edit", "steps/give_up", "correct", "comment", "assign")),
            *(("rui", f"/cases/{repair}/{each}") for each in ("steps/take", "comment", "disclose", "assign")),
            *(("cai", path) for path in ("/intake/desk-sample/begin", "/intake/desk-repair/receive", "/intake/desk-repair/receive/sheet")),
            *(("cai", path) for path in ("/people/cai/away", "/people/cai/delegate", "/account", "/account/password", "/work")),
            *(
                ("cai", f"/bulk/new?number={number}"),
                ("cai", "/bulk/new?workflow=desk-sample"),
                ("cai", f"/intake/desk-sample/begin?from={number}"),
            ),
            *(("ada", path) for path in ("/people/-/new", "/people/rui", "/people/cui/away", "/incidents", "/incidents/events")),
        ]
        forms = []
        for who, path in pages:
            for form in desk.read(who, path).select("form[method=post]"):
                forms.append((who, paper(BeautifulSoup(str(form), "html.parser"), "form")))
        yield desk, forms


def test_whatever_is_read_is_answered_with_a_page_and_changes_nothing(storm: Storm, told: Tell) -> None:
    run, known = Run(34, "sqlite"), routes("GET")
    for who in PEOPLE:
        if who is not None:
            storm.reception.browser(who)  # whose sessions are there before anything is compared
    before = Company(storm.reception.app).tables()
    for turn in range(READS):
        storm.ask("HEAD" if turn % 9 == 0 else "GET", known[turn % len(known)])
    changed = [name for name, rows in Company(storm.reception.app).tables().items() if rows != before[name]]
    run.figures |= {"paths": len(known), "statuses": dict(sorted(storm.statuses.items())), "changed": len(changed)}
    told(run, storm.asked, len(storm.wrong))
    assert storm.wrong[:3] == []
    assert changed == []
    assert storm.statuses[200] > READS / 8, "what is only refused has proven nothing"


def test_whatever_is_sent_is_answered_with_a_page_and_every_case_is_proven(storm: Storm, told: Tell) -> None:
    run, known = Run(30, "sqlite"), [each for each in routes("POST") if "/sign-out" not in each]
    storm.asked, storm.wrong, storm.statuses = 0, [], Counter()
    with quick_hashing():
        for turn in range(WISHES):
            storm.ask("POST", known[turn % len(known)])
    proven = Company(storm.reception.app).prove()
    run.figures |= {"paths": len(known), "statuses": dict(sorted(storm.statuses.items())), "proven": proven}
    told(run, storm.asked, len(storm.wrong))
    assert storm.wrong[:3] == []
    assert proven >= 4


def test_a_form_with_something_odd_in_it_is_answered_with_a_page(sheets: tuple[Desk, list[tuple[str, Paper]]], told: Tell) -> None:
    run, random, wrong = Run(30, "sqlite"), Random(SEED), []
    statuses: Counter[int] = Counter()
    desk, forms = sheets
    forms = [each for each in forms if each[1].action not in ("/sign-out", "/choice")]
    for turn in range(FORMS):
        who, form = forms[turn % len(forms)]
        sent = {**form.values, "do": [random.choice(ODD)] if random.random() < 0.1 else [], "key": [f"key {turn}"]}
        for name in random.choices([each for each in sent if each != "key"], k=random.randint(1, 3)):
            sent[name] = [random.choice(ODD) for _ in range(random.choice((1, 1, 1, 2, 0)))]
        answer = desk.post(who, form.action, sent, headers=random.choice(HEADERS[:5]))
        statuses[answer.status_code] += 1
        if answer.status_code >= 500 or "Traceback" in answer.text or "content-security-policy" not in answer.headers:
            wrong.append((who, form.action, sent, answer.status_code, answer.text[:300]))
    run.figures |= {"forms": len(forms), "statuses": dict(sorted(statuses.items()))}
    told(run, FORMS, len(wrong))
    assert wrong[:3] == []
    assert statuses[303] + statuses[200] > FORMS / 8, "what is only refused has proven nothing"
