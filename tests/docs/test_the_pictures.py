"""The pictures in the documentation are what the program draws today."""

from __future__ import annotations

import pytest

from engine.authoring.diagram.svg import svg
from engine.label import Language
from tests.docs.pages import DOCS, ROOT
from tests.unit.diagram.shipped import LANGUAGES, drawings

READMES: dict[Language, str] = {"zh": "README.zh-CN.md", "en": "README.md"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_of_a_repair_is_up_to_date_and_shown(language: Language) -> None:
    picture = DOCS / "pictures" / f"phone-repair.{language}.svg"

    way_out = f"aftercare --lang {language} diagram workflows/phone/phone-repair.yaml --output {picture.relative_to(ROOT)}"
    assert picture.read_text(encoding="utf-8") == svg(drawings()["phone-repair"], language), way_out
    assert f'src="docs/pictures/{picture.name}"' in (ROOT / READMES[language]).read_text(encoding="utf-8")
