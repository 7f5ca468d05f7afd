"""Commands about what people are told: their inboxes, the messages with what became of each, and the templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from commands import grammar
from commands.grammar import argument, command, option
from commands.session import Session

if TYPE_CHECKING:
    from engine.runtime.messages import Status

STATUSES = ("waiting", "told", "withdrawn", "nobody", "sending", "failed")


@command("inbox", "某人收到的通知。", "What a person was told.")
@option("--as", "person", required=True, metavar="PERSON", zh="谁的（标识或姓名）", en="Whose, by id or name")
@option("--unread", is_flag=True, zh="只列未读", en="Only what is unread")
@option("--read", "read", multiple=True, metavar="ID", zh="标为已读；可重复", en="Mark as read; may be repeated")
@option("--read-all", is_flag=True, zh="全部标为已读", en="Mark everything as read")
@grammar.limit
@grammar.as_json
@click.pass_obj
def inbox(session: Session, person: str, unread: bool, read: tuple[str, ...], read_all: bool, limit: int, as_json: bool) -> None:
    """Show or mark an inbox."""
    from commands.display.message import show_inbox, show_read

    with session.application() as application:
        messages = application.messages
        if read_all or read:
            show_read(messages.read_all(person) if read_all else messages.read(person, read), in_json=as_json)
        else:
            show_inbox(messages.inbox(person, limit, unread_only=unread), session.settings.zone, in_json=as_json)


@command("messages", "消息及其结果：通知了谁、通过什么渠道，或为何等待。", "Messages: who was told by which channel, or why one waits.")
@argument("number", "只看此工单", "Only those of this case", required=False, metavar="[NUMBER]")
@option("--status", type=click.Choice(STATUSES), zh="只列这种结果", en="Only those with this outcome")
@option("--resend", metavar="ID", zh="重新发送失败或没有送到的一条", en="Send one again that failed or reached nobody")
@option(
    "--resend-channel",
    metavar="CHANNEL",
    zh="重新发送此渠道的全部死信，如 email 或 webhook:名称",
    en="Send all again that failed over a channel, as email or webhook:NAME",
)
@option("--attempts", is_flag=True, zh="列出向推送地址的每次发送", en="With each attempt to post to an endpoint")
@grammar.limit
@grammar.as_json
@click.pass_obj
def messages(
    session: Session,
    number: str | None,
    status: Status | None,
    resend: str | None,
    resend_channel: str | None,
    attempts: bool,
    limit: int,
    as_json: bool,
) -> int:
    """List messages, or send some again."""
    from commands.display.message import show_messages, show_resent, show_resent_channel

    with session.application() as application:
        if resend_channel is not None:
            return show_resent_channel(resend_channel, application.messages.resend_channel(resend_channel))
        if resend is not None:
            return show_resent(resend, done=application.messages.resend(resend))
        page = application.messages.outbox(limit, number=number, status=status)
        log = application.attempts.on(page) if attempts else None
    return show_messages(page, log, session.settings.zone, in_json=as_json)


@command("template", "消息模板：列出，或用样例数据预览。", "Templates of messages: list them, or see one with sample data.")
@argument("name", "模板；不写则列出全部", "The template; without it, all of them", required=False, metavar="[NAME]")
@grammar.as_json
@click.pass_obj
def template(session: Session, name: str | None, as_json: bool) -> int:
    """List or preview templates."""
    from commands.display.template import show_preview, show_templates
    from engine.runtime import preview

    settings = session.settings
    folders = settings.definition_path()
    if name is None:
        return show_templates(preview.templates(folders), in_json=as_json)
    return show_preview(preview.preview(name, folders, settings.zone, settings.link), in_json=as_json)


COMMANDS = {each.name: each for each in (inbox, messages, template)}
