"""Everything a person reads is in the language asked for: our texts, click's own sentences, help and mistakes alike."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cli import aftercare
from commands.phrases import CHINESE
from commands.speech import asked_for
from tests.cli.conftest import NUMBER, TICKET, Terminal

HAN = re.compile(r"[\u4e00-\u9fff]")
CLICK_SPEAKS = re.compile(
    r"(?<![A-Za-z])(Usage|Options|Commands|Arguments|Missing|Show this message|required|default|Error|Invalid|such)(?![A-Za-z])"
)


def tree(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """A command and all below it, each with what is typed for it."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from tree(below, (*path, name))


COMMANDS = dict(tree(aftercare))


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: " ".join(path) or "aftercare")
def test_help_is_whole_in_one_language(terminal: Terminal, path: tuple[str, ...]) -> None:
    english = terminal.run(*path, "--help").stdout
    chinese = terminal.run(*path, "--help", lang="zh").stdout

    assert not HAN.search(english)
    assert not CLICK_SPEAKS.search(chinese), chinese
    assert HAN.search(chinese)
    assert english.count("\n  --") == chinese.count("\n  --") > 0


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: " ".join(path) or "aftercare")
def test_every_option_and_argument_is_explained(path: tuple[str, ...]) -> None:
    for parameter in COMMANDS[path].params:
        assert getattr(parameter, "help", None), parameter.name


def test_the_language_is_taken_from_the_line_then_the_variable_then_the_file_then_the_locale(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def speaks_chinese(*arguments: str, **environment: str) -> bool:
        answer = terminal.program(*arguments, "--help", env={"AFTERCARE_LANGUAGE": "", **environment})
        return HAN.search(answer.stdout.decode()) is not None

    monkeypatch.delenv("LANG", raising=False)
    assert speaks_chinese("--lang", "zh", AFTERCARE_LANGUAGE="en")
    assert speaks_chinese("--lang=zh", AFTERCARE_LANGUAGE="en")
    assert speaks_chinese(AFTERCARE_LANGUAGE="zh", LC_ALL="C.UTF-8")
    assert not speaks_chinese(LC_ALL="C.UTF-8")
    (terminal.folder / "aftercare.toml").write_text('language = "zh"\n', encoding="utf-8")
    monkeypatch.delenv("AFTERCARE_LANGUAGE", raising=False)
    assert HAN.search(terminal.run("--help", lang="zh").stdout)


@pytest.mark.parametrize(("line", "found"), [("--lang zh x", "zh"), ("x --lang=en", "en"), ("--lang", None), ("x", None), ("", None)])
def test_the_language_is_seen_before_the_line_is_parsed(line: str, found: str | None) -> None:
    assert asked_for(line.split()) == found


@pytest.mark.parametrize("sentence", CHINESE)
def test_a_translated_sentence_keeps_the_places_of_the_original(sentence: str) -> None:
    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name} | set(re.findall(r"%\(\w+\)s", text))

    assert places(CHINESE[sentence]) == places(sentence)


def test_every_translated_sentence_is_one_that_click_has() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in Path(click.__file__).parent.glob("*.py"))

    missing = [sentence for sentence in CHINESE if repr(sentence)[1:-1] not in source and sentence not in source]

    assert missing == []


def test_the_history_names_doors_and_programs_in_chinese(company: Terminal) -> None:
    (company.folder / "may.csv").write_text(
        ",".join(["reference", *TICKET]) + "\n" + ",".join(["SX-1", *TICKET.values()]), encoding="utf-8"
    )
    company.run("intake", "may.csv", "--workflow", "phone-repair", "--start", "receive")
    company.run("move", NUMBER, "take", "--as", "tom")

    told = company.run("history", NUMBER, lang="zh").stdout

    assert "由    系统对接，导入，os:" in told
    assert "由    样例维修01，命令行，os:" in told


def test_a_case_is_told_in_chinese(company: Terminal) -> None:
    company.open()
    company.run("move", NUMBER, "take", "--as", "tom")

    shown = company.run("case", NUMBER, lang="zh")

    assert "模拟数据库，时间停在 2026-09-01 09:00" in shown.stderr
    for said in (
        "手机返修",
        "检测中（diagnosing）",
        "阶段",
        "检测",
        "样例维修01",
        "手机维修一店（phone-01）",
        "送修渠道",
        "到店",
        "是",
    ):
        assert said in shown.stdout
    refused = company.run("move", NUMBER, "diagnose", "--as", "tom", "--set", "fault=liquid", lang="zh", code=1)
    assert "未执行，原因如下：" in refused.stderr
    assert "故障原因：必填" in refused.stderr
