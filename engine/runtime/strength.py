"""Whether a new password will do: long enough, and not one that is guessed before long. No rules about which characters it must have.

How soon it is guessed is reckoned by zxcvbn, which not every installation has; what is said of it are our own words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from engine.errors import Misuse
from engine.label import Label
from engine.runtime.passwords import missing, normal
from roles.staff import Person

SHORTEST, LONGEST = 8, 128
"""Characters of a password."""
_ENOUGH = 3
"""Of zxcvbn's four grades: guessed in no fewer than a hundred million tries."""
_READ = 72
"""Characters that zxcvbn takes; what is good so far does not become worse by what follows."""
_CONTAINED = 3
"""From how many letters on a name must not stand in a password; of Chinese characters two are a name."""
_OURS = ("aftercare", "shouhou", "gongdan", "weixiu", "woaini", "wodemima", "mima", "5201314", "1314520", "1314", "147258369")
"""What is guessed first here and is not in lists made elsewhere."""
_ONE_AT_A_TIME = Lock()
"""zxcvbn keeps the words that it is given for a password where all threads see them."""

_WHY: Mapping[str, Label] = {
    "dictionary": Label("其中主要是常用的词或名字", "most of it is common words or names"),
    "spatial": Label("其中主要是键盘上相邻的键", "most of it is keys that lie beside each other"),
    "repeat": Label("其中主要是重复的内容", "most of it is the same again and again"),
    "sequence": Label("其中主要是连续的字符，如 abc、123", "most of it is characters that follow each other, as in abc or 123"),
    "date": Label("其中主要是日期", "most of it is a date"),
    "regex": Label("其中主要是年份", "most of it is a year"),
    "bruteforce": Label("太短，很快就能试出来", "it is so short that it is soon found by trying"),
}
_COMMON = Label("它是很多人用的密码", "many people have it")
_BETTER = Label(
    "用三四个互不相关的词连起来，或写一句只有自己知道的话；越长越好，不必有特殊字符。",
    "Take three or four words that have nothing to do with each other, or a sentence of your own: length counts, not special characters.",
)


def check(password: str, person: Person) -> None:
    """Raises Misuse for what is no good password for this person, with what would be one."""
    text = normal(password)
    if not SHORTEST <= len(text) <= LONGEST:
        sentence = Label("密码应为 {least} 到 {most} 个字符，实际{n}。", "Expected a password of {least} to {most} characters, found {n}.")
        found = Label("为 {n} 个", "{n}").fill(n=len(text)) if len(text) < SHORTEST else Label("更多", "more")
        raise Misuse(sentence.fill(least=SHORTEST, most=LONGEST, n=found), _BETTER)
    mine = _names(person)
    named = next((each for each in mine if each.casefold() in text.casefold()), None)
    if named is not None:
        sentence = Label("密码不能包含自己的账号或姓名“{name}”。", "The password must not contain your own name “{name}”.")
        raise Misuse(sentence.fill(name=named), _BETTER)
    why = _why_guessable(text, mine)
    if why is not None:
        raise Misuse(Label("这个密码容易被猜到：{why}。", "This password is easily guessed: {why}.").fill(why=why), _BETTER)


def _names(person: Person) -> list[str]:
    """What the person is called, as far as it is long enough to be told from chance."""
    known = dict.fromkeys((person.id, normal(person.name), *normal(person.name).split()))
    return [each for each in known if len(each) >= (_CONTAINED if each.isascii() else _CONTAINED - 1)]


def _why_guessable(text: str, names: Sequence[str]) -> Label | None:
    try:
        from zxcvbn import zxcvbn  # noqa: PLC0415 - an extra that not every installation has
    except ImportError as error:
        raise missing("zxcvbn") from error
    with _ONE_AT_A_TIME:
        found = zxcvbn(text[:_READ], user_inputs=[*names, *_OURS])
    return None if found["score"] >= _ENOUGH else _reason(found["sequence"])


def _reason(matches: Sequence[Mapping[str, Any]]) -> Label:
    """Of all that was found in it, what most of it is."""
    most = max(matches, key=lambda each: len(each["token"]))
    if most["pattern"] == "dictionary" and most["dictionary_name"] == "passwords" and len(matches) == 1:
        return _COMMON
    return _WHY.get(most["pattern"], _WHY["bruteforce"])
