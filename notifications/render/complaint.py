"""What Jinja2 says of a text that it cannot read, and what its nodes are, in our own words. Judges nothing."""

from __future__ import annotations

import re

from jinja2 import nodes

from engine.label import Label

_INCOMPLETE = Label("此处的表达式不完整", "the expression is incomplete here")

_SENTENCES: tuple[tuple[str, Label], ...] = (
    (r"unknown tag '(.*?)'", Label("此处不应有标签“{it}”", "the tag “{it}” is not expected here")),
    (r"innermost block that needs to be closed is '(.*?)'", Label("标签“{it}”没有结尾", "the tag “{it}” is never closed")),
    (r"^unexpected end of template|end of comment", Label("有一处括号没有关上", "a brace is never closed")),
    (r"unexpected char '(.*?)' at", Label("不认识字符“{it}”", "the character “{it}” means nothing here")),
    (r"(?:unexpected|got) '(?:end of .*?)'$", _INCOMPLETE),
    (r"(?:unexpected|got) '(.*?)'$", Label("此处不应有“{it}”", "“{it}” is not expected here")),
)
"""The first pattern found in what Jinja2 says → the sentence; `it` is what the pattern caught."""


def translated(message: str) -> Label:
    """The sentence for one message."""
    for pattern, sentence in _SENTENCES:
        found = re.search(pattern, message)
        if found is not None:
            return sentence.fill(it=found[1]) if found.re.groups else sentence
    return _INCOMPLETE


_NAMES: tuple[tuple[type[nodes.Node] | tuple[type[nodes.Node], ...], Label], ...] = (
    (nodes.Call, Label("函数调用", "a call")),
    (nodes.Getitem, Label("方括号", "square brackets")),
    (nodes.Getattr, Label("第二个点", "a second dot")),
    (nodes.Concat, Label("“~”", "“~”")),
    (nodes.Test, Label("“is”", "“is”")),
    (nodes.CondExpr, Label("一行内的 if … else", "if … else within a value")),
    ((nodes.BinExpr, nodes.UnaryExpr), Label("计算", "arithmetic")),
    ((nodes.List, nodes.Tuple, nodes.Dict), Label("列表", "a list")),
    ((nodes.Assign, nodes.AssignBlock, nodes.With), Label("赋值", "an assignment")),
    ((nodes.Macro, nodes.CallBlock, nodes.FilterBlock), Label("宏", "a macro")),
    ((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Block), Label("其他模板", "another template")),
)


def named(node: nodes.Node) -> Label:
    """What an author would call a part of a template that is refused."""
    return next((name for kinds, name in _NAMES if isinstance(node, kinds)), Label("此处的写法", "what stands here"))
