"""A people file becomes a roster, as loading it would make it – or is refused for what loading it would refuse."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from engine.authoring.document import read
from engine.authoring.loader import load
from engine.authoring.team import roster_of
from engine.definition.organisation import PeopleFile
from engine.errors import AftercareError, Conflict, Misuse, Unknown
from roles.roster import Roster
from tests.process import ROLES

NOW = datetime(2026, 9, 28, 1, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
TEXT = """
units:
  head: {title: {zh: 总部, en: Head}}
  shop: {title: {zh: 一店, en: Shop}, above: head}
people:
  tom: {name: 样例工程师01, holds: [{role: bench, unit: shop, until: 2026-09-30}]}
  bea: {name: 样例主管01, holds: [{role: boss, unit: head}, {role: desk, since: 2026-10-01}]}
"""


def roster(text: str) -> Roster:
    file, diagnostics = load(read(text.encode(), "people.yaml"), PeopleFile)
    assert file is not None, diagnostics
    return roster_of(file, ROLES, NOW, SHANGHAI)


def test_its_days_are_those_of_the_zone_and_what_has_none_begins_now() -> None:
    found = roster(TEXT)

    assert found.lineages["shop"] == ("shop", "head")
    assert found.tiers("bench", ("shop", "head"), NOW) == (("tom",),)
    assert found.tiers("bench", ("shop", "head"), datetime(2026, 9, 30, 15, 59, tzinfo=UTC)) == (("tom",),)
    assert found.tiers("bench", ("shop", "head"), datetime(2026, 9, 30, 16, 0, tzinfo=UTC)) == ()
    assert found.tiers("desk", (), NOW) == ()
    assert found.tiers("desk", (), datetime(2026, 9, 30, 16, 0, tzinfo=UTC)) == (("bea",),)


@pytest.mark.parametrize(
    ("written", "instead", "error"),
    [
        ("role: boss", "role: bos", Unknown),
        ("unit: shop", "unit: shup", Unknown),
        ("above: head", "above: haed", Unknown),
        ("role: boss", "role: customer", Misuse),
        ("en: Head}}", "en: Head}, above: shop}", Misuse),
        ("unit: head}, {role: desk", "unit: head}, {role: bench}, {role: store", Conflict),
    ],
)
def test_what_could_not_be_loaded_is_refused(written: str, instead: str, error: type[AftercareError]) -> None:
    with pytest.raises(error):
        roster(TEXT.replace(written, instead))
