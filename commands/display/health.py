"""What the doctor and the verification found, on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.text import Text

from commands import terminal
from commands.failure import DONE, PROBLEM
from commands.speech import counted, say, tr
from engine.representation.label import of_label
from engine.runtime.finding import Finding
from engine.store.verification import Verified


def show_findings(findings: Sequence[Finding]) -> None:
    """One line for each, and what to do about it where something is to be done."""
    rows = []
    for each in findings:
        sentence = Text(say(each.sentence))
        if each.way_out is not None:
            sentence.append(f"\n→ {say(each.way_out)}")
        rows.append((_verdict(each), say(each.what), sentence))
    terminal.table(["", tr("项目", "What"), tr("情况", "Found")], rows, kept=(0, 1))


def _verdict(finding: Finding) -> Text:
    if not finding.is_sound:
        return Text(tr("问题", "problem"), "bold red")
    return Text(tr("正常", "ok"), "green") if finding.way_out is None else Text(tr("留意", "note"), "yellow")


def show_verified(verified: Iterable[Verified], *, in_json: bool) -> int:
    """What is not as it was decided, case by case, and how much was looked at; the exit code."""
    looked = list(verified)
    faulty = [each for each in looked if each.findings]
    cases, entries = sum(1 for each in looked if each.entries), sum(each.entries for each in looked)
    if in_json:
        found = [
            {"case": one.case, "seq": one.seq, "kind": one.kind, "sentence": of_label(one.sentence)}
            for each in faulty
            for one in each.findings
        ]
        terminal.as_json({"cases": cases, "entries": entries, "findings": found})
        return PROBLEM if faulty else DONE
    if faulty:
        told = dict.fromkeys((one.case, say(one.sentence)) for each in faulty for one in each.findings)
        rows = [(Text(case, "bold"), sentence) for case, sentence in told]
        terminal.table([tr("工单", "Case"), tr("发现", "Found")], rows)
        terminal.show("")
    seen = tr(
        "核对了 {cases}、{entries}：",
        "Looked at {cases} and {entries}: ",
        cases=counted(cases, "个工单", "case", "cases"),
        entries=counted(entries, "条历史", "history entry", "history entries"),
    )
    bad = counted(
        len({each.case for each in faulty}),
        "个工单与当时的决定不符。",
        "case is not as it was decided.",
        "cases are not as they were decided.",
    )
    terminal.show(seen + (bad if faulty else tr("全部完好。", "all sound.")))
    return PROBLEM if faulty else DONE
