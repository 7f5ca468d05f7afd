"""Checks the head of a document: owner, calendar, number pattern, subject and parties."""

from __future__ import annotations

import re

from engine.core.compiling.clocks import unknown_calendar
from engine.core.compiling.draft import Draft
from engine.core.number import PLACE
from engine.label import Label


def check_heading(draft: Draft) -> None:
    """Report what the head names wrongly."""
    document = draft.document
    if document.owner not in draft.bundle.roles:
        draft.unknown("unknown-role", Label("角色", "role"), document.owner, ("owner",), draft.offered_roles)
    if document.calendar is not None and document.calendar not in draft.bundle.calendars:
        unknown_calendar(draft, document.calendar, ("calendar",))
    _check_number(draft)
    _check_subject(draft)
    _check_summary(draft)
    for name, party in document.parties.items():
        for key, field in party.model_dump(exclude_none=True).items():
            path = ("parties", name, key)
            rule = draft.fields.get(field)
            wanted = {"name": "text", "mobile": "phone", "email": "email"}[key]
            if rule is None:
                draft.unknown("unknown-field", Label("字段", "field"), field, path, draft.fields)
            elif rule.type != wanted:
                draft.report(
                    "type-mismatch",
                    path,
                    Label("须是 {wanted} 字段，“{field}”是 {found}", "expected a field of type {wanted}, “{field}” is {found}").fill(
                        wanted=wanted, field=field, found=rule.type
                    ),
                )


def _check_subject(draft: Draft) -> None:
    if draft.document.subject is None:
        return
    key, path = draft.document.subject.key, ("subject", "key")
    if key not in draft.fields:
        draft.unknown("unknown-field", Label("字段", "field"), key, path, draft.fields)
    elif draft.fields[key].personal:
        # Lists show the subject and cases are found by it, so its value lies where erasing personal values does not reach.
        draft.report(
            "personal-subject",
            path,
            Label("“{field}”是个人信息，不能作为工单主体", "“{field}” is personal and cannot be what the case is about").fill(field=key),
            Label("用设备或车辆的编号，或去掉 personal。", "Take a number of the device or vehicle, or drop “personal”."),
        )
    elif draft.fields[key].kind.name in ("list", "file", "files"):
        sentence = Label("工单主体须是单个值，“{field}”是 {type}", "what the case is about is a single value, “{field}” is of type {type}")
        draft.report("type-mismatch", path, sentence.fill(field=key, type=draft.fields[key].type))


def _check_summary(draft: Draft) -> None:
    for index, name in enumerate(draft.document.summary):
        path = ("summary", index)
        if name not in draft.fields:
            draft.unknown("unknown-field", Label("字段", "field"), name, path, draft.fields)
        elif draft.fields[name].personal:
            # Whoever sees a case sees it in lists, those too to whom its personal values are masked.
            draft.report(
                "personal-summary",
                path,
                Label("“{field}”是个人信息，不能写进摘要", "“{field}” is personal and cannot stand in lists").fill(field=name),
                Label("取机型、故障这样的字段，或去掉 personal。", "Take a field such as the model or the fault, or drop “personal”."),
            )
        elif draft.fields[name].kind.name in ("file", "files"):
            sentence = Label("摘要由文字组成，“{field}”是 {type}", "a summary is made of words, “{field}” is of type {type}")
            draft.report("type-mismatch", path, sentence.fill(field=name, type=draft.fields[name].type))


def _check_number(draft: Draft) -> None:
    pattern = draft.document.number
    places = [place[1].partition(":")[0] for place in PLACE.finditer(pattern)]
    rest = PLACE.sub("", pattern)
    example = Label('例如 "WX{yy}-{seq:06}"。', 'For example "WX{yy}-{seq:06}".')
    if re.search(r"[{}\s/\\]", rest):
        draft.report(
            "bad-case-number",
            ("number",),
            Label("编号只能含文字和 {places}", "a number holds text and the places {places} only").fill(
                places="{yy} {yyyy} {mm} {dd} {unit} {seq:06}"
            ),
            example,
        )
    elif places.count("seq") != 1:
        sentence = Label("编号须恰有一个 {place}", "a number needs exactly one {place}").fill(place="{seq:06}")
        draft.report("bad-case-number", ("number",), sentence, example)
