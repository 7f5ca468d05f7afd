"""Commands about who is away, and who stands in for whom."""

from __future__ import annotations

from datetime import date

import rich_click as click

from commands import grammar
from commands.grammar import Asking, Day, argument, option
from commands.session import Session
from commands.speech import tr
from engine.label import Label

since = option("--from", "since", type=Day(), metavar="DATE", zh="第一天；不写则从现在起", en="First day; without it, from now on")
until = option("--until", type=Day(), metavar="DATE", zh="最后一天", en="Last day")
reason = option("--reason", metavar="TEXT", zh="原因", en="Why")


@click.group(
    "absent",
    cls=Asking,
    label=Label("登记某人不在岗；不写人员则列出。", "Say that somebody is away; without a person, list who is."),
    invoke_without_command=True,
)
@argument("person", "不在岗的人（标识或姓名）", "Who is away, by id or name", required=False, metavar="[PERSON]")
@since
@until
@reason
@grammar.as_json
@click.pass_context
def absent(context: click.Context, person: str | None, since: date | None, until: date | None, reason: str | None, as_json: bool) -> None:
    """Record an absence, or list them."""
    session: Session = context.obj
    if context.invoked_subcommand is not None:
        return
    from commands.display import substitution as display

    if person is None:
        with session.application() as application:
            display.show_absences(application.directory.roster(), application.time.now(), session.settings.zone, in_json=as_json)
    else:
        _record_absence(session, person, since, _last(until), reason)


def _record_absence(session: Session, person: str, since: date | None, last: date, reason: str | None) -> None:
    from commands.display.proof import telling_gaps
    from commands.display.substitution import show_absent
    from engine.runtime import substitution
    from engine.runtime.naming import person_named
    from roles.absence import Absence

    with session.application() as application:
        now, roster = application.time.now(), application.directory.roster()
        absence = Absence(person_named(roster, person), *substitution.days(since, last, now, session.settings.zone))
        with telling_gaps(application, absent_at=max(now, absence.since)):
            substitution.record_absence(application.database, absence, at=now, by=session.principal, reason=reason)
            show_absent(application, absence)


@absent.command("end", cls=grammar.Command, label=Label("提前回岗，或取消登记。", "Somebody is back early, or will not be away."))
@argument("id", "清单中的编号", "Its number in the list", type=int, metavar="ID")
@click.pass_obj
def end_absence(session: Session, id: int) -> None:
    """End an absence."""
    from commands.terminal import show
    from engine.runtime import substitution

    with session.application() as application:
        substitution.end_absence(application.database, id, at=application.time.now())
    show(tr("不在岗记录 {id} 已结束", "Absence {id} has ended", id=id))


@click.group(
    "delegate",
    cls=Asking,
    label=Label("委托另一人代理；不写人员则列出。", "Let another person stand in; without persons, list who does."),
    invoke_without_command=True,
)
@argument("delegator", "委托人（标识或姓名）", "Whose work it is, by id or name", required=False, metavar="[FROM]")
@argument("delegate", "代理人（标识或姓名）", "Who stands in, by id or name", required=False, metavar="[TO]")
@since
@until
@option(
    "--role", metavar="ROLE", zh="只代理此角色（标识或名称）；不写则全部", en="In this role only, by id or title; without it, in everything"
)
@reason
@grammar.as_json
@click.pass_context
def delegate(
    context: click.Context,
    delegator: str | None,
    delegate: str | None,
    since: date | None,
    until: date | None,
    role: str | None,
    reason: str | None,
    as_json: bool,
) -> None:
    """Record a delegation, or list them."""
    session: Session = context.obj
    if context.invoked_subcommand is not None:
        return
    from commands.display import substitution as display

    if delegator is None:
        with session.application() as application:
            display.show_delegations(application, in_json=as_json)
    elif delegate is None:
        raise click.UsageError(tr("请写明由谁代理", "say who stands in"), context)
    else:
        _record_delegation(session, (delegator, delegate), role, since, _last(until), reason)


def _record_delegation(
    session: Session, persons: tuple[str, str], role: str | None, since: date | None, last: date, reason: str | None
) -> None:
    from commands.display.staff import registry_of
    from commands.display.substitution import show_delegated
    from engine.runtime import staffing, substitution
    from engine.runtime.naming import person_named
    from roles.delegation import Delegation

    registry = registry_of(session.settings)
    with session.application() as application:
        now, zone, roster = application.time.now(), session.settings.zone, application.directory.roster()
        delegator, delegate = (person_named(roster, each) for each in persons)
        role = staffing.role_named(registry, role) if role is not None else None
        made = Delegation(delegator, delegate, role, *substitution.days(since, last, now, zone))
        substitution.record_delegation(application.database, registry, made, at=now, by=session.principal, reason=reason)
        show_delegated(made, now, zone)


@delegate.command("end", cls=grammar.Command, label=Label("结束委托，立即生效。", "End a delegation, at once."))
@argument("id", "清单中的编号", "Its number in the list", type=int, metavar="ID")
@click.pass_obj
def end_delegation(session: Session, id: int) -> None:
    """End a delegation."""
    from commands.terminal import show
    from engine.runtime import substitution

    with session.application() as application:
        substitution.end_delegation(application.database, id, at=application.time.now())
    show(tr("委托 {id} 已结束", "Delegation {id} has ended", id=id))


def _last(until: date | None) -> date:
    if until is None:
        raise click.UsageError(tr("请用 --until 写明最后一天", "name the last day with --until"))
    return until


COMMANDS = {"absent": absent, "delegate": delegate}
