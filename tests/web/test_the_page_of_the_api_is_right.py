"""The page of the API says what the server answers: its examples are asked, and every path that is read stands on it."""

from __future__ import annotations

import json
import re

import pytest

from tests.docs.pages import REFERENCE, examples
from tests.web.centre import Centre
from web.route import API

PAGE = REFERENCE / "api.md"
ASKED = examples(PAGE, "http", "as")
BLOCKS = examples(PAGE)


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("example", ASKED, ids=str)
def test_an_example_is_what_is_answered(centre: Centre, example: object) -> None:
    place = next(index for index, each in enumerate(BLOCKS) if each == example)
    asked, said = BLOCKS[place], BLOCKS[place + 1]
    assert said.info == ("json",)

    answer = centre.get(asked.text.strip().removeprefix(f"GET {API}"), asked.info[2])

    assert part_of(json.loads(said.text), answer.json()) == json.loads(said.text)


def test_every_path_that_is_read_stands_on_the_page(centre: Centre) -> None:
    document = centre.client.get(f"{API}/openapi.json").json()
    paths = [path.removeprefix(API) for path, operations in document["paths"].items() if "get" in operations]
    text = PAGE.read_text(encoding="utf-8")

    assert ASKED
    assert [path for path in paths if not re.search(rf"GET {re.escape(path)}`|`…{re.escape(path[path.rfind('/') :])}`", text)] == []


def part_of(shown: object, found: object) -> object:
    """What was found, without the members that are not shown."""
    if isinstance(shown, dict) and isinstance(found, dict):
        return {name: part_of(value, found[name]) for name, value in shown.items() if name in found}
    if isinstance(shown, list) and isinstance(found, list):
        return [part_of(one, other) for one, other in zip(shown, found, strict=True)] if len(shown) == len(found) else found
    return found
