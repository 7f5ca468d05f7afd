"""What the scenarios of a process cover, and which of its rules they would miss: a bar for each family, and every gap at its place."""

from __future__ import annotations

from commands import terminal
from commands.speech import say, tr
from engine.authoring.document import Document
from engine.authoring.scenario.coverage import Coverage, Share
from engine.authoring.scenario.goal import FAMILIES, Family
from engine.authoring.scenario.mutation import Mutant, Score
from engine.core.problem import Path
from engine.label import Label
from engine.representation.label import of_label

_WIDTH = 20
_TITLES: dict[Family, Label] = {
    "states": Label("状态", "States"),
    "transitions": Label("步骤", "Transitions"),
    "choices": Label("分支", "Choices"),
    "guards": Label("条件", "Guards"),
    "rungs": Label("提醒级", "Rungs"),
    "refusals": Label("拒绝", "Refusals"),
}


def show_coverage(found: Coverage, document: Document) -> None:
    """How much of each family is covered, of which there is anything, then all that is not."""
    shares = [(family, share) for family in FAMILIES if (share := found.share(family)).total]
    rows = [(say(_TITLES[family]), _bar(share), f"{share.covered}/{share.total}", _percent(share.percent)) for family, share in shares]
    terminal.show(tr("“{it}”的覆盖率", "Coverage of {it}", it=found.workflow))
    terminal.table([tr("类别", "Family"), "", tr("已覆盖", "Covered"), ""], rows, kept=(0, 1, 2, 3))
    for goal in found.missing:
        terminal.show(f"{_place(document, goal.path)}  {say(goal.sentence)}")


def show_score(found: Score, document: Document) -> None:
    """How many mutants were killed, then each that nobody would notice, and what the file explains."""
    terminal.show(_sum(found))
    for each in found.survivors:
        terminal.show(f"{_place(document, each.path)}  {say(each.sentence)}", f"    {each.id}")
    for explained in found.explained:
        why = tr("已说明：{why}", "explained: {why}", why=explained.why)
        terminal.show(f"{_place(document, explained.mutant.path)}  {say(explained.mutant.sentence)}", f"    {why}")


def coverage_as_json(found: Coverage, document: Document) -> dict[str, object]:
    """The same for machines; `transitions` holds every way from state to state and how often it was gone."""
    return {
        "families": {family: _counted(found.share(family)) for family in FAMILIES},
        "states": dict(found.states),
        "transitions": [
            {"from": source, "step": step, "to": to, "times": times} for (source, step, to), times in found.transitions.items()
        ],
        "missing": [{"family": goal.family, **_at(document, goal.path), "sentence": of_label(goal.sentence)} for goal in found.missing],
    }


def score_as_json(found: Score, document: Document) -> dict[str, object]:
    """The same for machines."""
    return {
        "killed": found.killed,
        "survived": len(found.survivors),
        "explained": len(found.explained),
        "left_out": found.left_out,
        "percent": round(found.percent, 1),
        "survivors": [_mutant(each, document) for each in found.survivors],
        "explained_survivors": [{**_mutant(each.mutant, document), "why": of_label(each.why)} for each in found.explained],
    }


def _sum(found: Score) -> str:
    """`Mutation of phone-callback: 90.5 % – 57 of 63 mutants killed, 4 survived, 2 explained`."""
    percent = _percent(found.percent)
    told = tr(
        "“{it}”的变异：{percent}（{tried} 个变异体中发现 {killed} 个，{survived} 个没有场景会发现，{explained} 个已说明）",
        "Mutation of {it}: {percent} – {killed} of {tried} mutants killed, {survived} survived, {explained} explained",
        it=found.workflow, percent=percent, tried=found.tried, killed=found.killed, survived=len(found.survivors),
        explained=len(found.explained),
    )  # fmt: skip
    return told if not found.left_out else told + tr("；另有 {n} 个未试", "; {n} more were not tried", n=found.left_out)


def _bar(share: Share) -> str:
    full = round(_WIDTH * share.percent / 100)
    full = min(full, _WIDTH - 1) if share.covered < share.total else full
    return "█" * full + "░" * (_WIDTH - full)


def _percent(value: float) -> str:
    """With one decimal, and never rounded up to the whole."""
    return f"{int(value * 10) / 10:.1f} %"


def _place(document: Document, path: Path) -> str:
    origin, there = document.source(path)
    return f"{origin.file}:{origin.span(there).line}"


def _at(document: Document, path: Path) -> dict[str, object]:
    origin, there = document.source(path)
    span = origin.span(there)
    return {"file": origin.file, "line": span.line, "column": span.column}


def _mutant(each: Mutant, document: Document) -> dict[str, object]:
    return {"id": each.id, "operator": each.operator, **_at(document, each.path), "sentence": of_label(each.sentence)}


def _counted(share: Share) -> dict[str, object]:
    return {"covered": share.covered, "total": share.total, "percent": round(share.percent, 1)}
