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


def asked_for(arguments: Sequence[str]) -> str | None:
    """The value of `--lang` on a command line that nobody has parsed yet: the help must already speak it."""
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if argument == "--lang":
            return following
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
    return None
