"""The phases of work in words. In which order a case goes through them its definition says. `state.Phase` holds their ids."""

from __future__ import annotations

from collections.abc import Mapping

from engine.label import Label

PHASES: Mapping[str, Label] = {
    "receive": Label("受理", "receive"),
    "diagnose": Label("检测", "diagnose"),
    "repair": Label("维修", "repair"),
    "inspect": Label("质检", "inspect"),
    "return": Label("归还", "return"),
    "callback": Label("回访", "callback"),
    "request": Label("申请", "request"),
    "work": Label("处理", "work"),
    "review": Label("审核", "review"),
    "done": Label("收尾", "done"),
}
