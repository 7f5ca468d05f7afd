"""A published version is kept under its digest and never changes; another text needs another number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.errors import Conflict
from engine.label import Label
from engine.store.database import Database
from engine.store.definitions import Published, all_versions, by_digest, latest_digests, publish
from tests.store.story import DIGEST, START

FIRST = Published("a" * 64, "callback", 1, Label("回访", "Callback"), "workflow: callback  # 三日内", '{"title":"回访"}', START, "os:owner")
SECOND = replace(FIRST, digest="b" * 64, version=2, text="workflow: callback  # 两日内")


def test_a_published_version_is_read_back(database: Database) -> None:
    with database.write() as connection:
        assert publish(connection, FIRST)
        assert publish(connection, SECOND)
    with database.read() as reader:
        assert by_digest(reader.connection, FIRST.digest) == FIRST
        assert by_digest(reader.connection, "0" * 64) is None
        assert list(latest_digests(reader.connection).values()) == [SECOND.digest, DIGEST]
        assert [each.version for each in all_versions(reader.connection)] == [1, 2, 1]


def test_publishing_again_changes_nothing(database: Database) -> None:
    with database.write() as connection:
        publish(connection, FIRST)
        assert not publish(connection, replace(FIRST, published_by="os:other"))
        assert by_digest(connection, FIRST.digest) == FIRST


def test_another_text_under_a_published_number_is_refused_with_the_next_one(database: Database) -> None:
    with database.write() as connection:
        publish(connection, FIRST)
        publish(connection, replace(SECOND, version=7))
    with pytest.raises(Conflict) as caught, database.write() as connection:
        publish(connection, replace(FIRST, digest="c" * 64))
    assert caught.value.way_out is not None
    assert "8" in caught.value.way_out.zh
    assert "8" in caught.value.way_out.en
    with database.read() as reader:
        assert by_digest(reader.connection, "c" * 64) is None
