"""Text to tokens. Knows characters and words, not their order or meaning.

Foreign habits are understood and reported, and reading goes on, so that one look finds all of them. Never raises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from engine.core.expression import foreign
from engine.core.expression.fault import FaultCode, expected, fault, quoted
from engine.core.expression.number import MAX_DIGITS
from engine.core.expression.syntax import Place
from engine.core.problem import Fault
from engine.label import Label
from engine.timing.period import FAMILIES

KEYWORDS = frozenset({"and", "or", "not", "is", "set", "in", "otherwise", "true", "false", "to", "of", "where"})
"""Words of the grammar: no field, choice or step may bear them."""

TokenKind = Literal["number", "duration", "text", "name", "keyword", "mark", "end"]

_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<suffix>[^\W\d_]\w*)?"
    r"|(?P<name>[^\W\d_](?:\w|-(?=[^\W_]))*)"
    r"|(?P<quote>['\"])"
    r"|(?P<strange>\*\*)"
    r"|(?P<mark>===|!==|==|!=|<>|<=|>=|=>|=<|&&|\|\||[-+*()|<>=!&≥≤≠])"
    r"|(?P<other>.)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark as the grammar spells it; of a text, what stands between the quotes."""

    kind: TokenKind
    text: str
    place: Place

    def is_mark(self, *marks: str) -> bool:
        """Whether it is one of these marks."""
        return self.kind == "mark" and self.text in marks

    def is_keyword(self, *words: str) -> bool:
        """Whether it is one of these words of the grammar."""
        return self.kind == "keyword" and self.text in words

    def ends_operand(self) -> bool:
        """Whether a value may end here, so that a sign that follows is an operator."""
        return self.kind in ("number", "duration", "text", "name") or self.is_mark(")") or self.is_keyword("true", "false", "set")


def tokenise(text: str) -> tuple[tuple[Token, ...], tuple[Fault, ...]]:
    """The tokens of a text, ended by an `end` token, and every foreign or unknown thing met on the way.

    >>> [token.text for token in tokenise("quote >= 480.00")[0]]
    ['quote', '>=', '480.00', '']
    """
    lexer = _Lexer(text)
    while lexer.position < len(text):
        lexer.step()
    lexer.keep("end", "", len(text))
    return tuple(lexer.tokens), tuple(lexer.faults)


class _Lexer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = text.translate(foreign.HALF_WIDTH)
        self.position = 0
        self.tokens: list[Token] = []
        self.faults: list[Fault] = []

    def step(self) -> None:
        found = _TOKEN.match(self.plain, self.position)
        assert found is not None  # the last alternative takes any character
        match found.lastgroup:
            case "space":
                self.position = found.end()
            case "number" | "suffix":
                self._number(found["number"], found["suffix"], self.position)
            case "name":
                self._name(found["name"])
            case "quote":
                self._quoted(self.text[self.position])
            case "mark" if self._is_sign(found["mark"]):
                digits = _TOKEN.match(self.plain, self.position + 1)
                assert digits is not None  # _is_sign saw a digit
                self._number("-" + digits["number"], digits["suffix"], self.position)
            case "mark":
                self._mark(found["mark"])
            case _:
                self._stranger(found[0])

    def keep(self, kind: TokenKind, text: str, end: int) -> None:
        """Adds the token that ends there and moves on to its end."""
        self.tokens.append(Token(kind, text, self._place(end)))
        self.position = end

    def _place(self, end: int) -> Place:
        return Place(self.position, end, self.text[self.position : end])

    def _blame(self, code: FaultCode, end: int, wanted: Label, way_out: Label | None) -> None:
        place = self._place(end)
        self.faults.append(expected(code, place, wanted, quoted(place.text), way_out))

    def _corrected(self, end: int, right: str) -> None:
        # Only the form was wrong: say how it is written here, and go on.
        full_width = self.text[self.position : end] != self.plain[self.position : end]
        way_out = Label("请写“{right}”。", "Write “{right}”.").fill(right=right)
        if full_width:
            self._blame("full-width-punctuation", end, Label("半角字符", "half-width characters"), way_out)
        else:
            self._blame("expression-syntax", end, quoted(right), way_out)

    def _is_sign(self, mark: str) -> bool:
        follows_operand = bool(self.tokens) and self.tokens[-1].ends_operand()
        next_is_digit = re.match("[0-9]", self.plain[self.position + 1 :]) is not None
        return mark == "-" and next_is_digit and not follows_operand

    def _number(self, number: str, suffix: str | None, start: int) -> None:
        end = start + len(number) + len(suffix or "")
        written = self.text[start:end] == self.plain[start:end]
        if sum(character.isdigit() for character in number) > MAX_DIGITS:
            limit = Label("最多 {n} 位的数字", "a number of at most {n} digits").fill(n=MAX_DIGITS)
            self._blame("expression-syntax", end, limit, None)
        if suffix is None:
            if not written:
                self._corrected(end, number)
            return self.keep("number", number, end)
        unit = foreign.UNITS.get(suffix, suffix)
        if "." in number or "-" in number or unit not in FAMILIES:
            wanted = Label("整数加时长单位 m h d mo y wh wd", "a whole number with a unit of time, m h d mo y wh wd")
            self._blame("expression-syntax", end, wanted, Label("例如 30m、4h、7d、4wh。", "For example 30m, 4h, 7d, 4wh."))
            return self.keep("number", number, end)
        if unit != suffix or not written:
            self._corrected(end, number + unit)
        return self.keep("duration", number + unit, end)

    def _name(self, name: str) -> None:
        end = self.position + len(name)
        keyword = foreign.KEYWORDS.get(name, name.lower())
        if keyword in KEYWORDS:
            if keyword != self.text[self.position : end]:
                self._corrected(end, keyword)
            return self.keep("keyword", keyword, end)
        if name != self.text[self.position : end]:
            self._corrected(end, name)
        return self.keep("name", name, end)

    def _quoted(self, opening: str) -> None:
        closing = self.text.find(foreign.QUOTES.get(opening, opening), self.position + 1)
        if closing < 0:
            way_out = Label("请在文本末尾补上 '。", "End the text with '.")
            self.faults.append(
                fault(
                    "expression-syntax",
                    self._place(len(self.text)),
                    Label("此处应有结束的引号，实际到了结尾", "expected a closing quote mark, found the end"),
                    way_out,
                )
            )
            return self.keep("text", self.text[self.position + 1 :], len(self.text))
        content = self.text[self.position + 1 : closing]
        if opening != "'":
            self._corrected(closing + 1, f"'{content}'")
        return self.keep("text", content, closing + 1)

    def _mark(self, mark: str) -> None:
        end = self.position + len(mark)
        right = foreign.OPERATORS.get(mark, mark)
        if right != self.text[self.position : end]:
            self._corrected(end, right)
        elif mark in "+-" and self.tokens and self.tokens[-1].ends_operand() and not self._stands_free(end):
            way_out = Label(
                "加号和减号两边都要有空格，例如“a {mark} b”。", "A plus or minus has spaces on both sides, as in “a {mark} b”."
            ).fill(mark=mark)
            self._blame(
                "expression-syntax", end, Label("两边有空格的“{mark}”", "“{mark}” with spaces on both sides").fill(mark=mark), way_out
            )
        self.keep("keyword" if right in KEYWORDS else "mark", right, end)

    def _stands_free(self, end: int) -> bool:
        return self.text[self.position - 1].isspace() and (end == len(self.text) or self.text[end].isspace())

    def _stranger(self, mark: str) -> None:
        end = self.position + len(mark)
        wanted = Label("名称、数字、文本或运算符", "a name, number, text or operator")
        self._blame("expression-syntax", end, wanted, foreign.ADVICE.get(mark))
        self.position = end
