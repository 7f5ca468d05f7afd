"""The same commands on PostgreSQL; its backups are its own."""

from __future__ import annotations

import pytest

from tests.cli.conftest import BEGINS, NUMBER, TEAM, TICKET, Terminal, typed


@pytest.mark.reliability
def test_from_founding_to_verification(terminal: Terminal, postgresql_url: str) -> None:
    there = ("--database", postgresql_url)
    terminal.run(*there, "--at", BEGINS, "init", "--simulated")
    terminal.run(*there, "publish")
    terminal.run(*there, "people", "load", TEAM)
    terminal.run(*there, "open", "phone-repair", "receive", "--as", "amy", *typed(TICKET))
    terminal.run(*there, "move", NUMBER, "take", "--as", "tom")

    assert terminal.json(*there, "case", NUMBER)["state"] == "diagnosing"
    assert "1 case and 2 history entries: all sound" in terminal.run(*there, "verify").stdout
    assert terminal.run(*there, "doctor").exit_code == 0
    refused = terminal.run(*there, "backup", "copy.db", code=2)
    assert "pg_dump" in refused.stderr
