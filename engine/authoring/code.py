"""The stable codes of diagnostics, each with one line of explanation. A code is never renamed and never reused.

Knows no sentence about a particular document. The reference documentation is made from this table.
"""

from __future__ import annotations

from engine.core.expression import FAULT_CODES
from engine.label import Label

CODES: dict[str, Label] = {
    # The file
    "too-large": Label("文件超过大小上限", "The file is larger than allowed."),
    "not-utf8": Label("文件不是 UTF-8 编码", "The file is not in UTF-8."),
    "control-character": Label(
        "有看不见的字符：控制字符、文字方向符或损坏的字符",
        "A character that cannot be seen: a control, a change of writing direction, damage.",
    ),
    # YAML
    "yaml-syntax": Label("不符合 YAML 语法", "The text is not well-formed YAML."),
    "tab": Label("用制表符代替了空格", "A tab stands where a space must."),
    "full-width": Label("该用半角标点的地方用了全角标点", "Full-width punctuation stands where its ASCII twin must."),
    "several-documents": Label("一个文件里有几份文档", "A file holds more than one document."),
    "empty-document": Label("文件没有内容", "The file holds no document."),
    "directive": Label("使用了 YAML 指令（%…）", "A YAML directive (%…) is used."),
    "tag": Label("使用了 YAML 标签（!…）", "A YAML tag (!…) is used."),
    "anchor": Label("使用了 YAML 锚点（&…）", "A YAML anchor (&…) is used."),
    "alias": Label("使用了 YAML 别名（*…）", "A YAML alias (*…) is used."),
    "merge-key": Label("使用了 YAML 合并键（<<）", "A YAML merge key (<<) is used."),
    "bad-key": Label("键不是一个词", "A key is not one word."),
    "duplicate-key": Label("同一层里一个键写了两次", "A key is written twice in one mapping."),
    "empty-value": Label("值为空", "A value is empty."),
    "too-deep": Label("嵌套层数超过上限", "Levels are nested deeper than allowed."),
    "too-many-nodes": Label("值的个数超过上限", "The document holds more values than allowed."),
    # The vocabulary
    "unknown-key": Label("不认识的键", "A key that this part of the document does not know."),
    "missing-key": Label("缺少必需的键", "A required key is missing."),
    "missing-language": Label("标题缺少一种语言", "A title lacks one of the two languages."),
    "wrong-shape": Label("该写文字、列表或映射的地方写了另一种", "A text, list or mapping stands where another of them must."),
    "not-supported": Label("语言里有这个词，但本版本尚未支持", "A word of the language that this version does not support yet."),
    "unknown-word": Label("只能从几个词里选，写的不在其中", "A word that is not one of the few allowed here."),
    "bad-name": Label("标识不合规则：小写字母、数字、_ 和 -", "An id is not made of small letters, digits, _ and -."),
    "bad-flag": Label("开关只能写 true 或 false", "A flag is neither true nor false."),
    "bad-number": Label("不是整数", "A value is not a whole number."),
    "out-of-range": Label("数字超出允许的范围", "A number lies outside its range."),
    "too-short": Label("文字太短或为空", "A text is too short or empty."),
    "too-long": Label("文字太长", "A text is too long."),
    "too-few": Label("项数太少", "There are too few entries."),
    "too-many": Label("项数太多", "There are too many entries."),
    "bad-value": Label("值不合要求", "A value is not what is expected here."),
    # Expressions
    **{str(code): meaning for code, meaning in FAULT_CODES.items()},
    # Names
    "unknown-state": Label("没有这个状态", "No state has this id."),
    "unknown-role": Label("没有这个角色、人员字段或当事方", "No role, person field or party has this id."),
    "unknown-field": Label("没有这个字段", "No field has this id."),
    "duplicate-name": Label("一个名称用了两次", "One name is used for two things."),
    "reserved-name": Label("这个名称另有含义", "The name has a meaning of its own."),
    "not-allowed-here": Label("这个词不能用在这里", "The word does not fit this place."),
    "bad-case-number": Label("案件编号的格式有误", "The pattern of case numbers is wrong."),
    "personal-subject": Label("案件主体不能是个人信息", "What a case is about cannot be a personal field."),
    "unknown-organisation": Label("没有这个组织的角色文件", "No role file declares this organisation."),
    # Fields and values
    "bad-limit": Label("min 或 max 不合字段的类型", "`min` or `max` does not fit the type of the field."),
    "bad-pattern": Label("正则表达式有误或可能极慢", "A pattern is malformed, or could take forever."),
    "computed-cycle": Label("计算字段互相依赖", "Computed fields depend on each other."),
    "computed-written": Label("计算字段不能由人填写", "A computed field is asked for, set or cleared."),
    "clock-in-computed": Label("计算字段读取了当前时间", "A computed field reads the time."),
    "misplaced-else": Label("else 不在最后", "`else` is not the last of several cases."),
    "incomplete-switch": Label("没有列出全部选项", "Not all choices of the field are listed."),
    # The graph of states
    "unreachable-state": Label("没有步骤通往这个状态", "No step leads to the state."),
    "trap-state": Label("案件进入后无法结束", "A case that enters the state can never end."),
    "no-final-state": Label("没有终态", "No state is final."),
    "device-left-behind": Label("不经归还就可结束（警告）", "A case can end without the phase `return` (warning)."),
    # The library
    "duplicate-across-files": Label("两个文件用了同一流程标识或编号格式", "Two files have one workflow id or one pattern of numbers."),
}
