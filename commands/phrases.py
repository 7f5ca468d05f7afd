"""The sentences of click itself in Chinese. Knows the English ones by heart, as gettext does, and nothing of our commands.

click asks the standard `gettext` for a sentence whenever it shows one. A compiled catalogue would need a binary file in the
repository and a locale on the machine; a table needs neither, and can be read.
"""

from __future__ import annotations

import gettext
import re

CHINESE = {
    # Help
    "Usage:": "用法：",
    "Options": "选项",
    "Commands": "命令",
    "Show this message and exit.": "显示本帮助。",
    "Show the version and exit.": "显示版本。",
    "%(prog)s, version %(version)s": "%(prog)s，版本 %(version)s",
    "default: {default}": "默认：{default}",
    "env var: {var}": "环境变量：{var}",
    "required": "必填",
    "(dynamic)": "（视情况而定）",
    # Mistakes
    "Try '{command} {option}' for help.": "用法见：{command} {option}",
    "Error: {message}": "错误：{message}",
    "Missing command.": "缺少命令。",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "Missing parameter: {param_name}": "缺少参数：{param_name}",
    "Missing {param_type}": "缺少 {param_type}",
    "Choose from:\n\t{choices}": "可选：\n\t{choices}",
    "No such option {name!r}.": "没有选项 {name!r}。",
    "No such command {name!r}.": "没有命令 {name!r}。",
    "Did you mean {possibility}?": "是不是想写 {possibility}？",
    "(Did you mean one of: {possibilities}?)": "（是不是想写其中之一：{possibilities}？）",
    "Got unexpected extra argument ({args})": "多出一个参数（{args}）",
    "Got unexpected extra arguments ({args})": "多出几个参数（{args}）",
    "Option {name!r} does not take a value.": "选项 {name!r} 不带值。",
    "Option {name!r} requires an argument.": "选项 {name!r} 需要一个值。",
    "Option {name!r} requires {nargs} arguments.": "选项 {name!r} 需要 {nargs} 个值。",
    "Argument {name!r} takes {nargs} values.": "参数 {name!r} 需要 {nargs} 个值。",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值无效：{message}",
    "Invalid value: {message}": "值无效：{message}",
    "{value!r} is not {choice}.": "应为 {choice}，实际是 {value!r}。",
    "{value!r} is not one of {choices}.": "应为 {choices} 之一，实际是 {value!r}。",
    "{value!r} is not a valid {number_type}.": "应为 {number_type}，实际是 {value!r}。",
    "{value} is not in the range {range}.": "应在 {range} 的范围内，实际是 {value}。",
    "Aborted!": "已中断。",
}
"""What click says → the same in Chinese. What is not here cannot come up: no command prompts, edits or converts files."""


def tidied(message: str) -> str:
    """A composed message with the quotation marks, and in Chinese the full stop, that ours have.

    >>> tidied("缺少参数 'NUMBER'.")
    '缺少参数“NUMBER”。'
    >>> tidied("No such option '没有'.")
    'No such option “没有”.'
    """
    quoted = re.sub(r"'([^']*)'", r"“\1”", message.strip())
    if not re.search(r"[\u4e00-\u9fff]", re.sub("“[^”]*”", "", quoted)):
        return quoted
    for ours, theirs in _CHINESE_FORM:
        quoted = re.sub(theirs, ours, quoted)
    return quoted


_CHINESE_FORM = (
    ("”、“", "”, “"),
    (r"“", r" (?=“)“"),
    (r"”", r"”(?=[^,]) ?"),
    ("。", r"\.$|。 "),
    ("整数", " (?:integer range|integer)"),
    (r"\1 到 \2", r"(\d+)<=x<=(\d+)"),
)
"""Form in Chinese ← as click composes it."""


class Chinese(gettext.NullTranslations):
    """Answers as a compiled catalogue would."""

    def gettext(self, message: str) -> str:
        """The sentence in Chinese, or as it is."""
        return CHINESE.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The singular or plural in Chinese, which knows no difference but in our table."""
        return self.gettext(msgid1 if n == 1 else msgid2)


_catalogue = gettext.translation


def install(*, chinese: bool) -> None:
    """Let the standard gettext answer in Chinese, or as before. Safe to repeat."""
    gettext.translation = (lambda *_args, **_options: Chinese()) if chinese else _catalogue  # type: ignore[assignment]
