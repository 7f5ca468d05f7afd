"""A sentence in both languages of the product, Chinese and English.

Everything a person may read – titles, errors, refusals, diagnostics – is a Label, so that a message without its
second language cannot be written. Knows nothing of where it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Label:
    """A text in Chinese and English; may contain `{name}` places that `fill` replaces.

    >>> Label("状态 {state}", "state {state}").fill(state="received").within("en")
    'state received'
    """

    zh: str
    en: str

    def within(self, language: Language) -> str:
        """The text in one language."""
        return self.zh if language == "zh" else self.en

    def as_clause(self) -> Label:
        """A full sentence as it stands within another: without its stop, and in English without its capital.

        >>> Label("没有单位“S9”。", "There is no unit “S9”.").as_clause()
        Label(zh='没有单位“S9”', en='there is no unit “S9”')
        """
        is_word = self.en[1:2].islower() or self.en[1:2] == " "  # an abbreviation keeps its capitals
        return Label(self.zh.rstrip("。"), (self.en[:1].lower() + self.en[1:] if is_word else self.en).rstrip("."))

    def fill(self, **values: object) -> Label:
        """The same sentence with its places filled; a Label among the values speaks its own language in each text.

        Raises KeyError when a place has no value: a sentence with a hole is a defect of ours, never shown.
        """
        if not values:
            return self
        return Label(self.zh.format_map(_spoken(values, "zh")), self.en.format_map(_spoken(values, "en")))


def _spoken(values: Mapping[str, object], language: Language) -> dict[str, object]:
    return {name: value.within(language) if isinstance(value, Label) else value for name, value in values.items()}


def listed(labels: Iterable[Label]) -> Label:
    """Several texts as one enumeration.

    >>> listed([Label("接单", "Take"), Label("完工", "Finish")])
    Label(zh='接单、完工', en='Take, Finish')
    """
    return joined(labels, Label("、", ", "))


def joined(labels: Iterable[Label], by: Label) -> Label:
    """Several texts in a row, with the same between each two.

    >>> joined([Label("接单", "Take"), Label("完工", "Finish")], Label("；", "; "))
    Label(zh='接单；完工', en='Take; Finish')
    """
    each = tuple(labels)
    return Label(by.zh.join(label.zh for label in each), by.en.join(label.en for label in each))


def verbatim(text: str) -> Label:
    """A Label for what has no translation: an id, a number, a person's own words."""
    return Label(text, text)
