"""Tokens to a syntax tree, by recursive descent: one method for each rule of the grammar (docs/reference/language.md).

Knows no names. Depth is measured on the tokens before the first call, so that no text exhausts the stack.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Literal as OneOf
from typing import TypeVar, cast

from engine.core.expression import foreign
from engine.core.expression.fault import TOO_MUCH, FaultCode, expected, fault, quoted
from engine.core.expression.lexer import Token
from engine.core.expression.syntax import (
    And,
    Call,
    Comparator,
    Compare,
    In,
    IsSet,
    Literal,
    Node,
    Not,
    Or,
    Otherwise,
    Place,
    Product,
    Sum,
    Word,
)
from engine.core.kind import BOOLEAN, DECIMAL, INTEGER, TEXT, kind_of
from engine.core.problem import Fault
from engine.label import Label
from engine.timing.period import FAMILIES, Period, Unit

MAX_DEPTH = 12

_COMPARATORS = ("==", "!=", "<", "<=", ">", ">=")

_List = TypeVar("_List", And, Or)


class _Stopped(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def parse(text: str, tokens: Sequence[Token]) -> Node | Fault:
    """The tree of a text, or its first fault."""
    too_deep = _too_deep(tokens)
    if too_deep is not None:
        return too_deep
    try:
        return _Parser(text, tokens).whole()
    except _Stopped as stopped:
        return stopped.fault


def _too_deep(tokens: Sequence[Token]) -> Fault | None:
    depth = 0
    for token in tokens:
        depth += token.is_mark("(") - token.is_mark(")")
        if depth > MAX_DEPTH:
            wanted = Label("最多 {n} 层括号", "at most {n} levels of parentheses").fill(n=MAX_DEPTH)
            return expected("expression-too-deep", token.place, wanted, Label("更深的一层", "one more"), TOO_MUCH)
    return None


class _Parser:
    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.index = 0
        self.row_functions = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def whole(self) -> Node:
        if len(self.tokens) == 1:
            raise self._unexpected(Label("一个表达式", "an expression"))
        node = self.expression()
        if self.token.kind == "end":
            return node
        if self.token.is_mark(")"):
            raise self._unexpected(Label("表达式的结尾", "the end of the expression"), Label("多了一个“)”。", "There is one “)” too many."))
        raise self._unexpected(Label("“and”、“or”或结尾", "“and”, “or” or the end"), self._joining())

    def _joining(self) -> Label:
        before, unit = self.tokens[self.index - 1], foreign.UNITS.get(self.token.text, self.token.text)
        if before.kind == "number" and unit in FAMILIES:
            return Label("单位紧接在数字后：“{it}”。", "The unit follows the number without a space: “{it}”.").fill(it=before.text + unit)
        return Label("两个条件之间要用“and”或“or”连接。", "Join two conditions with “and” or “or”.")

    def expression(self) -> Node:
        return self._list("or", self.both, Or)

    def both(self) -> Node:
        return self._list("and", self.negation, And)

    def negation(self) -> Node:
        start = self.token
        if not self._took_keyword("not"):
            return self.condition()
        operand = self.condition()
        return Not(self._reaching(start.place.offset, operand), operand)

    def condition(self) -> Node:
        node = self._condition()
        if self.token.is_mark(*_COMPARATORS) or self.token.is_keyword("is", "in"):
            way_out = Label("请拆成两个条件，用“and”连接。", "Split it into two conditions joined with “and”.")
            if isinstance(node, Compare):
                pair = f"{node.place.text} and {node.right.place.text} {self.token.text} …"
                way_out = Label("请写“{it}”。", "Write “{it}”.").fill(it=pair)
            raise self._unexpected(Label("比较的结尾", "the end of the comparison"), way_out, "chained-comparison")
        return node

    def _condition(self) -> Node:
        value = self.value()
        token = self.token
        if token.is_mark(*_COMPARATORS):
            self.index += 1
            right = self.value()
            return Compare(self._reaching(value.place.offset, right), cast(Comparator, token.text), value, right)
        if self._took_keyword("is"):
            return self._presence(value)
        if self._took_keyword("in"):
            return self._membership(value)
        if self._took_keyword("not"):
            if not self._took_keyword("in"):
                raise self._unexpected(
                    quoted("in"), Label("请写“x not in (a | b)”或“x is not set”。", "Write “x not in (a | b)”, or “x is not set”.")
                )
            inside = self._membership(value)
            return Not(inside.place, inside)
        return value

    def _presence(self, value: Node) -> Node:
        negated = self._took_keyword("not")
        if not self.token.is_keyword("set"):
            if self.token.text in foreign.EMPTINESS:
                way_out = Label("请写“{right}”。", "Write “{right}”.").fill(right="is set" if negated else "is not set")
            else:
                way_out = Label("请写“is set”或“is not set”；比较相等用“==”。", "Write “is set” or “is not set”; to compare, write “==”.")
            raise self._unexpected(quoted("set") if negated else Label("“set”或“not set”", "“set” or “not set”"), way_out)
        place = self._reaching(value.place.offset, self.token)
        self.index += 1
        return Not(place, IsSet(place, value)) if negated else IsSet(place, value)

    def _membership(self, value: Node) -> Node:
        way_out = Label("请写“x in (a | b)”。", "Write “x in (a | b)”.")
        self._expect("(", way_out)
        options = [self.value()]
        while self._took_mark("|"):
            options.append(self.value())
        closing = self.token
        if not closing.is_mark(")"):
            raise self._unexpected(Label("“|”或“)”", "“|” or “)”"), way_out)
        self.index += 1
        return In(self._reaching(value.place.offset, closing), value, tuple(options))

    def value(self) -> Node:
        node = self.sum()
        if self._took_keyword("otherwise"):
            substitute = self.sum()
            return Otherwise(self._reaching(node.place.offset, substitute), node, substitute)
        return node

    def sum(self) -> Node:
        node = self.product()
        while self.token.is_mark("+", "-"):
            operator: OneOf["+", "-"] = "+" if self.token.text == "+" else "-"
            self.index += 1
            right = self.product()
            node = Sum(self._reaching(node.place.offset, right), operator, node, right)
        return node

    def product(self) -> Node:
        node = self.factor()
        while self._took_mark("*"):
            right = self.factor()
            node = Product(self._reaching(node.place.offset, right), node, right)
        return node

    def factor(self) -> Node:
        token = self.token
        match token.kind:
            case "number" | "duration" | "text":
                self.index += 1
                return _literal(token)
            case "name":
                self.index += 1
                word = Word(token.place, token.text)
                return self._call(word) if self._took_mark("(") else word
            case "keyword" if token.text in ("true", "false"):
                self.index += 1
                return Literal(token.place, BOOLEAN, token.text == "true")
            case "mark" if token.text == "(":
                self.index += 1
                inner = self.expression()
                closing = self._expect(")")
                return dataclasses.replace(inner, place=self._reaching(token.place.offset, closing))
            case _:
                raise self._unexpected(Label("一个值", "a value"), self._advice(token))

    def _advice(self, token: Token) -> Label | None:
        if token.is_mark("-"):
            return Label(
                "负号只能写在数字前；要取相反数，请写“0 - x”。",
                "Only a number takes a minus sign; for the negative of a name write “0 - x”.",
            )
        if token.is_keyword("not"):
            return Label("请加括号：“(not …)”。", "Put it in parentheses: “(not …)”.")
        if token.kind == "keyword":
            return Label("“{word}”是语法用词，不能作名称。", "“{word}” is a word of the grammar and cannot be a name.").fill(
                word=token.text
            )
        return None

    def _call(self, function: Word) -> Node:
        before = self.row_functions
        argument = None if self.token.is_mark(")") or self.token.is_keyword("to", "of", "where") else self.expression()
        until = self.sum() if self._took_keyword("to") else None
        rows = self._rows() if self._took_keyword("of") else None
        where = self.expression() if self._took_keyword("where") else None
        place = self._reaching(function.place.offset, self._expect(")"))
        if rows is not None or where is not None:
            if self.row_functions > before:
                sentence = Label("此处应只有一个“of”或“where”，实际里面还有一个", "expected one “of” or “where”, found another inside it")
                way_out = Label("请把里层移到 computed 字段里。", "Move the inner one into a computed field.")
                raise _Stopped(fault("expression-syntax", place, sentence, way_out))
            self.row_functions += 1
        return Call(place, function, argument, until, rows, where)

    def _rows(self) -> Word:
        token = self.token
        if token.kind != "name":
            raise self._unexpected(Label("一个列表的名称", "the name of a list"))
        self.index += 1
        return Word(token.place, token.text)

    def _list(self, keyword: str, operand: Callable[[], Node], node: type[_List]) -> Node:
        operands = [operand()]
        while self._took_keyword(keyword):
            operands.append(operand())
        if len(operands) == 1:
            return operands[0]
        return node(self._reaching(operands[0].place.offset, operands[-1]), tuple(operands))

    def _took_keyword(self, word: str) -> bool:
        taken = self.token.is_keyword(word)
        self.index += taken
        return taken

    def _took_mark(self, mark: str) -> bool:
        taken = self.token.is_mark(mark)
        self.index += taken
        return taken

    def _expect(self, mark: str, way_out: Label | None = None) -> Token:
        token = self.token
        if not self._took_mark(mark):
            raise self._unexpected(quoted(mark), way_out)
        return token

    def _unexpected(self, wanted: Label, way_out: Label | None = None, code: FaultCode = "expression-syntax") -> _Stopped:
        token = self.token
        found = Label("结尾", "the end") if token.kind == "end" else quoted(token.place.text)
        return _Stopped(expected(code, token.place, wanted, found, way_out))

    def _reaching(self, offset: int, last: Node | Token) -> Place:
        return Place(offset, last.place.end, self.text[offset : last.place.end])


def _literal(token: Token) -> Literal:
    if token.kind == "text":
        return Literal(token.place, TEXT, token.text)
    if token.kind == "duration":
        digits = token.text.rstrip("mhdoyw")
        period = Period(int(digits), cast(Unit, token.text[len(digits) :]))
        return Literal(token.place, kind_of(period), period)
    if "." in token.text:
        return Literal(token.place, DECIMAL, Decimal(token.text))
    return Literal(token.place, INTEGER, int(token.text))
