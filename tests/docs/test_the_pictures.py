"""The pictures in the documentation: drawings are what the program draws today, and every picture is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.authoring.diagram.svg import svg
from engine.label import Language
from tests.docs.pages import DOCS, ROOT
from tests.docs.test_links import PAGES
from tests.unit.diagram.shipped import LANGUAGES, drawings

READMES: dict[Language, str] = {"zh": "README.zh-CN.md", "en": "README.md"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_of_a_repair_is_up_to_date_and_shown(language: Language) -> None:
    picture = DOCS / "pictures" / f"phone-repair.{language}.svg"

    way_out = f"aftercare --lang {language} diagram workflows/phone/phone-repair.yaml --output {picture.relative_to(ROOT)}"
    assert picture.read_text(encoding="utf-8") == svg(drawings()["phone-repair"], language), way_out
    assert f'src="docs/pictures/{picture.name}"' in (ROOT / READMES[language]).read_text(encoding="utf-8")


_PICTURE = re.compile(r'<img src="([^":]+)" alt="([^"]*)"|!\[([^\]]*)\]\(([^):\s]+)\)')
_MOST = 2_500_000
"""Bytes of all pictures together: whoever fetches the source fetches them, too."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_picture_of_a_page_is_there_and_is_told_to_those_who_do_not_see_it(page: Path) -> None:
    for source, words, other_words, other_source in _PICTURE.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / (source or other_source)).is_file(), source or other_source
        assert words or other_words


def test_every_picture_is_shown_somewhere() -> None:
    texts = "".join(page.read_text(encoding="utf-8") for page in PAGES)

    assert [each.name for each in (DOCS / "pictures").iterdir() if each.name not in texts] == []


def test_the_pictures_are_no_burden() -> None:
    assert sum(each.stat().st_size for each in (DOCS / "pictures").iterdir()) < _MOST
