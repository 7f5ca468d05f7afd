"""What pages call the doors of a history, and what became of a message."""

from __future__ import annotations

from collections.abc import Mapping

from engine.label import Label
from engine.runtime.messages import Status
from engine.store.deliveries import Status as DeliveryStatus
from engine.store.record import Door

DOORS: Mapping[Door, Label] = {
    "cli": Label("命令行", "command line"),
    "web": Label("界面", "screen"),
    "api": Label("外部程序", "another program"),
    "timer": Label("时限", "a clock"),
    "event": Label("事件", "an event"),
    "import": Label("导入", "import"),
}
MESSAGES: Mapping[Status, Label] = {
    "waiting": Label("待通知", "waiting"),
    "told": Label("已通知", "sent"),
    "withdrawn": Label("已撤回", "withdrawn"),
    "nobody": Label("无人可通知", "reached nobody"),
    "sending": Label("待投递", "being sent"),
    "failed": Label("发送失败", "failed"),
}
DELIVERIES: Mapping[DeliveryStatus, Label] = {
    "waiting": Label("待投递", "waiting"),
    "delivered": Label("已送达", "delivered"),
    "failed": Label("失败", "failed"),
    "withdrawn": Label("已撤回", "withdrawn"),
}
CHANNELS: Mapping[str, Label] = {
    "inbox": Label("收件箱", "inbox"),
    "email": Label("邮件", "e-mail"),
    "webhook": Label("外部程序", "program"),
    "wecom": Label("企业微信", "WeCom"),
    "dingtalk": Label("钉钉", "DingTalk"),
    "feishu": Label("飞书", "Feishu"),
}
