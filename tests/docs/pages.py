"""The pages of the documentation as their tests read them: headings, fenced examples, and fragments made whole.

An example says in its info string what it is: ```` ```yaml workflow ````, ```` ```yaml fragment ````, `roles`, `people`,
and behind it what it must be refused with: ```` ```yaml fragment refused may-be-empty ````. Knows Markdown and lines, no language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"

_FENCE = re.compile(r"^```(?P<info>[^\n`]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_SECTION = re.compile(r"^[a-z].*$", re.MULTILINE)
_ENTRY = re.compile(r"^  [a-z][a-z0-9_-]*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Example:
    """One fenced block: where it stands, the words of its info string, and its text."""

    page: str
    line: int
    info: tuple[str, ...]
    text: str

    @property
    def refused(self) -> str | None:
        """The diagnostic code that the example must have, if it shows a mistake."""
        return self.info[self.info.index("refused") + 1] if "refused" in self.info else None

    def __str__(self) -> str:
        return f"{self.page}:{self.line} {' '.join(self.info)}"


def examples(page: Path, *info: str) -> list[Example]:
    """The fenced blocks of a page whose info string begins with these words."""
    text = page.read_text(encoding="utf-8")
    found = [
        Example(page.name, text.count("\n", 0, match.start()) + 1, tuple(match["info"].split()), match["text"])
        for match in _FENCE.finditer(text)
    ]
    return [example for example in found if example.info[: len(info)] == info]


def headings(page: Path, level: int) -> list[str]:
    """The headings of one level, in order, without backquotes; what looks like one inside an example is none."""
    text = _without_code(page.read_text(encoding="utf-8"))
    return [heading.strip().strip("`") for heading in re.findall(rf"^{'#' * level} (.+)$", text, re.MULTILINE)]


def section(page: Path, heading: str) -> str:
    """What stands below a heading in backquotes, up to the next heading."""
    text = page.read_text(encoding="utf-8")
    match = re.search(rf"^#+ `{re.escape(heading)}`\n(.*?)(?=^#+ |\Z)", _without_code(text), re.MULTILINE | re.DOTALL)
    assert match, f"{page.name} has no section `{heading}`"
    return text[match.start(1) : match.end(1)]


def _without_code(text: str) -> str:
    """The text with its fenced blocks blanked, every offset as before."""
    return _FENCE.sub(lambda block: re.sub(r"[^\n]", " ", block[0]), text)


def completed(base: str, fragment: str) -> str:
    """The base document with what the fragment says in place of, or beside, what it has: by section, and by entry of one."""
    merged = _parts(base, _SECTION)
    for name, part in _parts(fragment, _SECTION).items():
        merged[name] = _merged(merged[name], part) if name in merged else part
    return "".join(merged.values())


def _merged(base: str, fragment: str) -> str:
    if not fragment.partition("\n")[0].endswith(":"):
        return fragment
    entries = _parts(base, _ENTRY) | _parts(fragment, _ENTRY)
    return "".join([fragment.partition("\n")[0] + "\n", *entries.values()])


def _parts(text: str, beginning: re.Pattern[str]) -> dict[str, str]:
    starts = [match.start() for match in beginning.finditer(text)]
    ends = [*starts[1:], len(text)]
    parts = (text[start:end] for start, end in zip(starts, ends, strict=True))
    return {part.partition(":")[0].strip(): part.rstrip("\n") + "\n" for part in parts}
