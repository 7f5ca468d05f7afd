"""Duties kept apart that come together by a delegation: an administrator of one shop is refused, and reads no name of another shop."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.definition.organisation import Holding
from engine.errors import Conflict
from engine.runtime import staffing, substitution
from engine.runtime.access import access_of
from roles.actor import ADMINISTRATOR
from roles.assignment import Assignment
from roles.delegation import Delegation
from roles.scope import Identity
from tests.runtime.company import Company


def test_only_who_is_told_of_both_reads_who_lends_to_whom(company: Company) -> None:
    """rui, of the first shop, lends what he holds to cui, of the second; moe looks after the second, abe after all."""
    app, now = company.app, company.app.time.now()
    roles = app.hierarchy.registry
    for person in ("moe", "abe"):
        staffing.add_person(app.database, person, f"样例管理员{person}")
    for person, role, unit in (("moe", ADMINISTRATOR, "shop-2"), ("abe", ADMINISTRATOR, None), ("rui", "phone-supervisor", "shop-1")):
        staffing.assign(app.database, roles, Assignment(person, role, unit, now), at=now, by="os:owner")
    lent = Delegation("rui", "cui", None, now, now + timedelta(days=5))
    substitution.record_delegation(app.database, roles, lent, at=now, by="os:owner", reason=None)
    sentences = {}
    for person in ("moe", "abe"):
        access = access_of(app.directory.roster(), Identity(person), now)
        given = Holding(role="phone-material-clerk", unit="shop-2")
        with pytest.raises(Conflict) as raised:
            app.personnel.assign("cui", given, access, by=f"person:{person}")
        sentences[person] = raised.value.sentence
    assert "样例工程师01" in sentences["abe"].zh
    assert "样例工程师01" in sentences["abe"].en
    for text in (sentences["moe"].zh, sentences["moe"].en):
        assert "样例" not in text
        assert "rui" not in text
