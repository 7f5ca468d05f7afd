"""Definitions come in as texts: checked in a process of their own, each mistake at its place, and published by whoever owns them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import Misuse, Unavailable
from tests.original import FileOriginal
from tests.runtime.company import ROLES
from tests.web.counter import LOANS, Counter, open_counter, problem
from web.checking import Checker, Order

pytestmark = pytest.mark.reliability  # each check is a process of its own

SECOND = LOANS.replace("version: 1", "version: 2").replace("en: Lent}", "en: On loan}")
STRANGE = LOANS.replace("to: closed\n", "to: nowhere\n", 1)


@pytest.fixture(scope="module")
def counter(counter_file: FileOriginal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """A counter whose role file lies on the disk, as it does in an installation."""
    folder: Path = tmp_path_factory.mktemp("publishing")
    (folder / "desk.yaml").write_text(ROLES, encoding="utf-8")
    counter_file.copy_to(folder / "aftercare.db")
    with open_counter(f"sqlite:///{folder}/aftercare.db", roles=(folder,)) as counter:
        yield counter


def files(text: str, name: str = "desk-loan.yaml") -> dict[str, object]:
    return {"files": [{"name": name, "text": text}]}


def order(counter: Counter) -> Order:
    app = counter.company.app
    return Order({"a.yaml": LOANS}, {}, app.settings.role_path(), app.settings.definition_path(), app.directory.roster(), app.time.now())


def test_every_mistake_has_its_place(counter: Counter) -> None:
    answer = counter.post("/definitions/check", files(STRANGE))
    told = answer.json()
    assert (answer.status_code, told["checked"]) == (200, [])
    line = next(number for number, text in enumerate(STRANGE.splitlines(), 1) if "to: nowhere" in text)
    found = [(each["file"], each["line"], each["severity"]) for each in told["diagnostics"] if each["code"] == "unknown-state"]
    assert found == [("desk-loan.yaml", line, "error")]
    said = problem(counter.post("/definitions", files(STRANGE), who="sun"), 422, "unsound")
    assert said["diagnostics"] == told["diagnostics"]


def test_who_is_registered_is_told_to_whoever_knows_them_all(counter: Counter) -> None:
    alone = {
        who: [each["sentence"]["en"] for each in counter.post("/definitions/check", files(LOANS), who=who).json()["diagnostics"]]
        for who in ("sun", "cai")
    }
    assert [any("样例受理02, Shop 2" in each for each in alone[who]) for who in alone] == [True, False]


def test_a_definition_is_published_by_whoever_owns_it(counter: Counter) -> None:
    problem(counter.post("/definitions", files(SECOND), who="cai"), 403, "forbidden")
    assert counter.company.app.catalog.newest("desk-loan").version == 1
    published = counter.post("/definitions", files(SECOND), who="sun").json()["published"]
    assert [(each["workflow"], each["version"], each["status"]) for each in published] == [("desk-loan", 2, "published")]


@pytest.mark.reliability
def test_what_is_published_never_changes(counter: Counter) -> None:
    assert counter.post("/definitions", files(LOANS), who="ada").json()["published"][0]["status"] == "unchanged"
    problem(counter.post("/definitions", files(LOANS.replace("en: Lent}", "en: Out}")), who="ada"), 409, "version_taken")


@pytest.mark.parametrize("name", ["../roles/desk.yaml", "/etc/passwd", "a/b.yaml", "shared/../../x.yaml", "a.yaml\n", "x.txt", ""])
def test_a_name_that_leads_somewhere_is_refused(counter: Counter, name: str) -> None:
    problem(counter.post("/definitions/check", files(LOANS, name)), 400, "misuse")


def test_texts_are_few_small_and_each_by_its_own_name(counter: Counter) -> None:
    one = {"name": "a.yaml", "text": "x"}
    large = {**one, "text": "x" * 262_145}
    for texts in ([], [one, one], [one] * 21, [large]):
        problem(counter.post("/definitions/check", {"files": texts}), 400, "misuse")


def test_a_check_that_takes_too_long_is_ended(counter: Counter) -> None:
    endless = replace(order(counter), texts={"a.yaml": f"workflow: [{'a, ' * 80_000}]"})
    with pytest.raises(Misuse, match="too complex to be checked within 0 seconds"):
        Checker(within=0).check(endless)


def test_no_more_are_checked_than_there_is_room_for(counter: Counter) -> None:
    with pytest.raises(Unavailable):
        Checker(at_once=0).check(order(counter))


def test_what_is_wrong_in_the_installation_is_told(counter: Counter) -> None:
    with pytest.raises(Misuse, match="Expected a name such as"):
        Checker().check(replace(order(counter), texts={"../a.yaml": LOANS}))
