"""What a failure says and which code the program ends with: 0 done · 1 refused or problems found · 2 misuse.

One sentence and the way out, in the language spoken; never a traceback. Knows kinds of errors, no command.
"""

from __future__ import annotations

import errno
import traceback
from dataclasses import dataclass
from pathlib import Path

import click

from commands.phrases import tidied
from commands.speech import say, tr
from engine.errors import AftercareError, Misuse, reason_of
from engine.label import Label

DONE, PROBLEM, MISUSE, INTERRUPTED = 0, 1, 2, 130


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, in words."""

    code: str
    status: int
    sentence: str
    way_out: str | None = None


def explain(error: BaseException, *, in_json: bool) -> int:
    """Show what went wrong on stderr – and as JSON on stdout, for a caller that asked for JSON – and answer the exit code."""
    from commands import terminal

    failure = _failure(error)
    terminal.remark(f"{tr('错误：', 'Error: ')}{failure.sentence}", *([f"  {failure.way_out}"] if failure.way_out else []))
    if in_json:
        terminal.as_json({"error": {"code": failure.code, "sentence": failure.sentence, "way_out": failure.way_out}})
    return failure.status


def _failure(error: BaseException) -> Failure:
    match error:
        case click.UsageError():
            return Failure("usage", MISUSE, tidied(error.format_message()), _usage(error))
        case AftercareError():
            way_out = say(error.way_out) if error.way_out is not None else None
            return Failure(error.code, MISUSE if isinstance(error, Misuse) else PROBLEM, say(error.sentence), way_out)
        case KeyboardInterrupt() | click.Abort():
            return Failure("interrupted", INTERRUPTED, tr("已中断。", "Interrupted."))
        case OSError():
            return Failure("unavailable", PROBLEM, *_system(error))
        case _:
            return Failure("defect", PROBLEM, *_defect(error))


def _usage(error: click.UsageError) -> str | None:
    if error.ctx is None:
        return None
    if isinstance(error, click.NoSuchOption) and any(error.option_name in each.opts for each in error.ctx.find_root().command.params):
        program, command = error.ctx.command_path.split(" ", 1)
        line = f"{program} {error.option_name} … {command}"
        return tr("{option} 要写在命令之前：{line}", "{option} stands before the command: {line}", option=error.option_name, line=line)
    return tr("用法见：{path} --help", "How to use it: {path} --help", path=error.ctx.command_path)


def _system(error: OSError) -> tuple[str, str]:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        place = error.filename or tr("输出", "the output")
        full = Label("磁盘已满，无法写入 {place}。", "The disk is full: {place} cannot be written.")
        return say(full, place=place), tr("请腾出空间后重试。", "Free some space and try again.")
    place = error.filename or tr("当前文件夹", "the working folder")
    sentence = Label("无法使用 {place}：{why}。", "{place} cannot be used: {why}.")
    return say(sentence, place=place, why=reason_of(error)), tr("请检查路径和权限。", "Check the path and its rights.")


def _defect(error: BaseException) -> tuple[str, str]:
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "–"
    what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    sentence = Label("程序内部出错（{what}，{where}）。", "Something is wrong in the program itself ({what}, {where}).")
    way_out = Label(
        "这是程序的缺陷，请把这一行和所用的命令报告给维护者。", "This is a defect: please report this line and the command you gave."
    )
    return say(sentence, what=what, where=where), say(way_out)
