"""One writer of the state column: every door passes through CaseService, and only the move statements touch it (DESIGN law 11)."""

from __future__ import annotations

import ast
import re

from tests.architecture.tree import name, parsed, product

STATE = re.compile(r"update\s*\(\s*(schema\.)?cases\b|cases\.(update|insert|delete)\s*\(|(insert|delete)\s*\(\s*(schema\.)?cases\b", re.I)
SQL = re.compile(r"\b(update|insert\s+into|delete\s+from)\s+\"?cases\b", re.I)


def called(tree: ast.AST, method: str) -> list[ast.Call]:
    """The calls of a method by this name."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == method]


def test_only_the_move_statements_write_the_case_row() -> None:
    writers = {name(path) for path in product() if STATE.search(text := path.read_text(encoding="utf-8")) or SQL.search(text)}
    assert writers == {"engine/store/move.py"}


def test_the_scan_sees_a_writer() -> None:
    assert STATE.search("connection.execute(update(cases).values(state='closed'))")
    assert SQL.search("UPDATE cases SET state = 'closed'")


def test_only_the_service_records_a_decision() -> None:
    recorders = {name(path) for path in product() if called(parsed(path), "record")}
    assert recorders == {"engine/runtime/service.py"}


def test_the_service_records_in_one_place() -> None:
    (service,) = (path for path in product() if name(path) == "engine/runtime/service.py")
    assert len(called(parsed(service), "record")) == 1
