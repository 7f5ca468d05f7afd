"""What the workers did, and why they wait: one sentence for each run, or one object."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from commands import terminal
from commands.failure import DONE, PROBLEM
from commands.speech import counted, say, tr
from engine.core.codec import encode_instant
from engine.core.wording import lasting
from engine.label import Label
from engine.representation.label import of_label
from engine.representation.scalar import of_length
from engine.runtime.pulse import Pulse
from engine.runtime.relay import Relayed
from engine.runtime.sweeper import Swept
from engine.runtime.trouble import Trouble


def show_swept(swept: Swept, zone: ZoneInfo, *, in_json: bool) -> int:
    """What a sweep did; the exit code."""
    if in_json:
        terminal.as_json(_swept_object(swept))
    elif swept.pulse.is_held:
        show_held(swept.pulse, zone)
    else:
        terminal.show(swept_sentence(swept) or tr("没有到时的提醒。", "Nothing was due."))
        _show_troubles(swept.troubles)
    return PROBLEM if swept.pulse.is_held or swept.troubles else DONE


def show_relayed(relayed: Relayed, zone: ZoneInfo, *, in_json: bool) -> int:
    """What a delivery did; the exit code."""
    if in_json:
        terminal.as_json(_relayed_object(relayed))
    elif relayed.pulse.is_held:
        show_held(relayed.pulse, zone)
    else:
        terminal.show(relayed_sentence(relayed) or tr("没有要通知的消息。", "There was nothing to tell."))
        if relayed.failed:
            terminal.remark("  " + tr("见 aftercare messages --status failed", "See aftercare messages --status failed"))
        _show_troubles(relayed.troubles)
    return PROBLEM if relayed.pulse.is_held or relayed.failed or relayed.troubles else DONE


def swept_sentence(swept: Swept) -> str:
    """What a sweep did, in one sentence; empty when it did nothing."""
    said = []
    if swept.errands:
        said.append(counted(swept.errands, "件子工单或上级工单的补办", "errand of parents and children", "errands of parents and children"))
    if swept.cases:
        rungs = counted(swept.rungs, "级提醒到时", "reminder was reached", "reminders were reached")
        said.append(tr("{cases}、{rungs}", "{cases}, {rungs}", cases=counted(swept.cases, "个工单", "case", "cases"), rungs=rungs))
    if swept.latest >= timedelta(seconds=1):
        length = say(lasting(swept.latest)) if swept.latest >= timedelta(minutes=1) else tr("{n} 秒", "{n} s", n=swept.latest.seconds)
        most = tr("最多", "at most ") if swept.rungs > 1 else ""
        said.append(tr("{most}迟 {length}", "{most}{length} late", most=most, length=length))
    if swept.extended:
        said.append(counted(swept.extended, "个工单改用新公布的节假日", "case took over new holidays", "cases took over new holidays"))
    return _sentence([*said, *_failed(swept.troubles)])


def relayed_sentence(relayed: Relayed) -> str:
    """What a delivery did, in one sentence; empty when it did nothing."""
    parts = (
        (relayed.told, "条消息已通知", "message told", "messages told"),
        (relayed.sent, "次投递已完成", "delivery made", "deliveries made"),
        (relayed.postponed, "条在免打扰时段，稍后通知", "waits for quiet hours to end", "wait for quiet hours to end"),
        (relayed.withdrawn, "条已无须通知而撤回", "withdrawn, nobody needs it any more", "withdrawn, nobody needs them any more"),
        (relayed.nobody, "条没有可通知的人", "reached nobody", "reached nobody"),
        (relayed.deferred, "次投递将再试", "delivery to be tried again", "deliveries to be tried again"),
        (relayed.failed, "次投递失败", "delivery given up", "deliveries given up"),
    )
    return _sentence([*(counted(number, zh, one, several) for number, zh, one, several in parts if number), *_failed(relayed.troubles)])


def show_held(pulse: Pulse, zone: ZoneInfo) -> None:
    """That outgoing work is held: since when, why, until when, and the way out."""
    assert pulse.held_since is not None
    assert pulse.free_at is not None
    held = Label(
        "已暂停提醒和通知（自 {since}）：上一次工作在 {beaten}，其间停机，或时钟跳动。时钟平稳走到 {free} 会自动恢复。",
        "Reminders and messages are held since {since}: the last work was at {beaten}, and since then there was a downtime, or the clock "
        "has jumped. They go on by themselves at {free} if the clock runs evenly until then.",
    )
    beaten = _local(pulse.beaten_at, zone) if pulse.beaten_at is not None else "–"
    terminal.remark(
        say(held, since=_local(pulse.held_since, zone), beaten=beaten, free=_local(pulse.free_at, zone)),
        "  "
        + tr("确认时钟正确后，可用“aftercare release”立即恢复。", "If the clock is right, “aftercare release” lets them go on at once."),
    )


def show_released(released: bool) -> None:
    """Whether there was anything to release."""
    if released:
        terminal.show(tr("已确认时钟正确，提醒和通知继续。", "The clock is right: reminders and messages go on."))
    else:
        terminal.show(tr("没有暂停，无需放行。", "Nothing was held."))


def _failed(troubles: Sequence[Trouble]) -> list[str]:
    said = counted(len(troubles), "个工单处理失败，下次再试", "case failed and is tried again", "cases failed and are tried again")
    return [said] if troubles else []


def _show_troubles(troubles: Sequence[Trouble]) -> None:
    for trouble in troubles:
        terminal.remark(f"  {trouble.number}: {say(trouble.why)}")


def _troubles_object(troubles: Sequence[Trouble]) -> list[dict[str, Any]]:
    return [{"number": each.number, "sentence": of_label(each.why)} for each in troubles]


def _sentence(parts: list[str]) -> str:
    if not parts:
        return ""
    text = tr("，", "; ").join(parts) + tr("。", ".")
    return text[0].upper() + text[1:]


def _local(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _pulse_object(pulse: Pulse) -> dict[str, Any]:
    instants = {"beaten_at": pulse.beaten_at, "held_since": pulse.held_since, "free_at": pulse.free_at}
    return {"held": pulse.is_held, **{name: encode_instant(at) if at is not None else None for name, at in instants.items()}}


def _swept_object(swept: Swept) -> dict[str, Any]:
    return {
        "pulse": _pulse_object(swept.pulse),
        "errands": swept.errands,
        "cases": swept.cases,
        "rungs": swept.rungs,
        "extended": swept.extended,
        "lateness": of_length(swept.latest),
        "troubles": _troubles_object(swept.troubles),
    }


def _relayed_object(relayed: Relayed) -> dict[str, Any]:
    counts = ("told", "sent", "postponed", "withdrawn", "nobody", "deferred", "failed")
    return {
        "pulse": _pulse_object(relayed.pulse),
        **{name: getattr(relayed, name) for name in counts},
        "troubles": _troubles_object(relayed.troubles),
    }
