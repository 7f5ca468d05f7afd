"""The language of this run: chosen once from the command line, the settings or the locale, then asked by whatever is shown."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar

from commands import phrases
from engine.label import Label, Language

_spoken: ContextVar[Language] = ContextVar("spoken", default="en")


def speak(language: Language) -> None:
    """From here on everything is said in this language, click's own sentences too."""
    _spoken.set(language)
    phrases.install(chinese=language == "zh")


def language() -> Language:
    """The language spoken now."""
    return _spoken.get()


def say(label: Label, **values: object) -> str:
    """The sentence in the language spoken now, its places filled."""
    return label.fill(**values).within(language())


def tr(zh: str, en: str, **values: object) -> str:
    """The one of two texts that is in the language spoken now, its places filled."""
    return say(Label(zh, en), **values)


def listed(items: Sequence[str]) -> str:
    """Items one after the other, as the language strings them."""
    return tr("、", ", ").join(items)


def counted(number: int, zh: str, one: str, several: str) -> str:
    """So many of something: `3 个工单`, `1 case`, `3 cases`."""
    return tr(f"{{n}} {zh}", f"{{n}} {one if number == 1 else several}", n=number)


def asked_for(arguments: Sequence[str]) -> str | None:
    """The value of `--lang` on a command line that nobody has parsed yet: the help must already speak it."""
    for index, argument in enumerate(arguments):
        if argument == "--lang":
            return next(iter(arguments[index + 1 :]), None)
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
    return None
