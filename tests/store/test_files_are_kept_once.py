"""The content of a file is kept once, under the hash of its bytes, and never changes."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from engine.store.database import Database
from engine.store.files import Content, get, known, put
from tests.store.story import START

PHOTO = b"\x89PNG\r\n\x1a\n\x00\xff"


def test_a_content_is_read_back_byte_for_byte(database: Database) -> None:
    with database.write() as connection:
        id = put(connection, PHOTO, "image/png", START)
        empty = put(connection, b"", "text/plain", START)
    assert id == sha256(PHOTO).hexdigest()
    with database.read() as reader:
        assert get(reader.connection, id) == Content("image/png", PHOTO)
        assert get(reader.connection, empty) == Content("text/plain", b"")
        assert get(reader.connection, "0" * 64) is None


def test_the_same_content_is_kept_once(database: Database) -> None:
    with database.write() as connection:
        first = put(connection, PHOTO, "image/png", START)
        assert put(connection, PHOTO, "image/jpeg", START + timedelta(hours=1)) == first
    expected = {first: (len(PHOTO), "image/png")}
    with database.read() as reader:
        assert known(reader.connection, [first, "0" * 64]) == expected
    assert database.attempt(lambda unit: unit.files([first, "0" * 64])) == expected
