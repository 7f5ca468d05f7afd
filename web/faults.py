"""Malformed requests in our own words: every complaint of pydantic by its kind and place, never in pydantic's sentences.

Knows kinds of complaints; must not know any path or model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse

from engine.label import Label, joined
from engine.representation.label import of_label
from web.problem import KINDS, problem

_SENTENCES: Mapping[str, Label] = {
    "missing": Label("缺少这一项", "missing"),
    "extra_forbidden": Label("没有这一项", "not known here"),
    "json_invalid": Label("第 {place} 个字符处不是合法的 JSON", "not valid JSON at character {place}"),
    "string_type": Label("应为文字", "expected text"),
    "string_too_long": Label("应不超过 {max_length} 个字符", "expected at most {max_length} characters"),
    "string_too_short": Label("应不少于 {min_length} 个字符", "expected a length of at least {min_length}"),
    "string_pattern_mismatch": Label("应符合 {pattern}", "expected it to match {pattern}"),
    "int_type": Label("应为整数", "expected an integer"),
    "int_parsing": Label("应为整数", "expected an integer"),
    "int_from_float": Label("应为整数", "expected an integer"),
    "int_parsing_size": Label("整数过大", "the integer is too large"),
    "bool_type": Label("应为 true 或 false", "expected true or false"),
    "bool_parsing": Label("应为 true 或 false", "expected true or false"),
    "dict_type": Label("应为对象", "expected an object"),
    "model_type": Label("应为对象", "expected an object"),
    "model_attributes_type": Label("应为对象", "expected an object"),
    "list_type": Label("应为列表", "expected a list"),
    "too_long": Label("应不超过 {max_length} 项", "expected at most {max_length} items"),
    "too_short": Label("应不少于 {min_length} 项", "expected no fewer items than {min_length}"),
    "greater_than_equal": Label("应不小于 {ge}", "expected at least {ge}"),
    "less_than_equal": Label("应不大于 {le}", "expected at most {le}"),
    "literal_error": Label("应为其中之一：{one_of}", "expected one of {one_of}"),
    "enum": Label("应为其中之一：{one_of}", "expected one of {one_of}"),
}
_OTHER = Label("不是所要的值", "not what is expected here")
_TOLD = 3
"""How many faults the sentence names."""
_MOST = 20
"""How many faults are told at all: a body may hold a hundred thousand."""
_PART = 80
"""How much of a name in the body is repeated."""


def of_faults(request: Request, complaints: Sequence[Mapping[str, Any]]) -> JSONResponse:
    """The answer to a request that is not what the path expects, with its faults and their places."""
    faults = [(_place(each), _sentence(each)) for each in complaints[:_MOST]]
    said = joined((_at(*each) for each in faults[:_TOLD]), Label("；", "; "))
    sentence = Label("请求格式不对：{said}。", "The request is malformed: {said}.").fill(said=said)
    told = [{"place": place, "sentence": of_label(fault)} for place, fault in faults]
    return problem(request, KINDS[400].code, 400, sentence, faults=told)


def _at(place: str, fault: Label) -> Label:
    return Label("{place}：{fault}", "{place}: {fault}").fill(place=place, fault=fault)


def _place(complaint: Mapping[str, Any]) -> str:
    """Where a fault is, as a path; the place in unreadable text is told by the sentence."""
    where = complaint["loc"][:1] if complaint["type"] == "json_invalid" else complaint["loc"]
    return "".join(f"/{str(each)[:_PART]}" for each in where)


def _sentence(complaint: Mapping[str, Any]) -> Label:
    found = _SENTENCES.get(complaint["type"], _OTHER)
    bounds = {**complaint.get("ctx", {}), "place": complaint["loc"][-1]}
    if "expected" in bounds:
        bounds["one_of"] = ", ".join(re.findall(r"'([^']*)'", str(bounds["expected"])))
    return found.fill(**bounds)
