"""The vendored library is, byte for byte, what its manifest says; what is served is kept for good under an address of its content."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from starlette.testclient import TestClient

from engine.settings import SHIPPED
from tests.console.reception import Reception
from web.console.display.statics import address, statics

VENDOR = SHIPPED / "web" / "console" / "static" / "vendor"


def test_every_vendored_file_has_its_checksum() -> None:
    manifest = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))
    files = {each.name: sha256(each.read_bytes()).hexdigest() for each in VENDOR.iterdir() if each.name != "manifest.json"}
    assert files == {name: said["sha256"] for name, said in manifest.items()}
    assert all(said["version"] and said["licence"] and said["package"] for said in manifest.values())


@pytest.fixture(scope="module")
def anybody(reception: Reception) -> TestClient:
    return reception.centre.client


@pytest.mark.parametrize("name", statics())
def test_a_static_file_is_kept_for_good(anybody: TestClient, name: str) -> None:
    answer = anybody.get(address(name))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
    assert answer.content == statics()[name].content


def test_a_static_file_is_sent_packed_to_whoever_can_unpack_it(anybody: TestClient) -> None:
    packed = anybody.get(address("console.css"), headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == statics()["console.css"].content
    assert "content-encoding" not in anybody.get(address("console.css"), headers={"Accept-Encoding": "identity"}).headers


def test_nothing_else_is_there(anybody: TestClient) -> None:
    for path in ("/static/000000000000/console.css", "/static/x/manifest.json", "/static/x/..%2f..%2fpages%2fwork.py"):
        assert anybody.get(path).status_code == 404
