"""Commands about who is who: people, units, roles, and who holds what from when until when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from commands import grammar
from commands.failure import DONE, PROBLEM
from commands.grammar import Day, Group, argument, option
from commands.session import Session
from commands.speech import tr
from engine.label import Label

if TYPE_CHECKING:
    from engine.app import Application
    from engine.definition.organisation import Holding

person = argument("person", "人员标识", "The id of the person")
role = argument("role", "角色（标识或名称）", "The role, by id or title")
unit = option(
    "--unit", metavar="UNIT", zh="在此单位（标识或名称）；不写则在各处", en="In this unit, by id or title; without it, everywhere"
)


@click.group("people", cls=Group, label=Label("人员、单位和角色。", "People, units and roles."), invoke_without_command=True)
@grammar.as_json
@click.pass_context
def people(context: click.Context, as_json: bool) -> None:
    """Without a command: list."""
    if context.invoked_subcommand is None:
        context.invoke(list_people, as_json=as_json)


def command(name: str, zh: str, en: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command of this group."""

    def added(function: Callable[..., Any]) -> click.Command:
        made = grammar.command(name, zh, en)(function)
        people.add_command(made)
        return made

    return added


@command("list", "列出人员和现在担任的角色。", "List people and what they hold now.")
@grammar.as_json
@click.pass_obj
def list_people(session: Session, as_json: bool) -> None:
    """List people."""
    from commands.display.staff import show_people

    with session.application() as application:
        show_people(application.directory.roster(), application.time.now(), session.settings.zone, in_json=as_json)


@command("add", "添加或修改人员或外部程序，或恢复停用的。", "Add or change a person or a service, or bring back a disabled one.")
@argument("id", "人员标识", "The id of the person")
@option("--name", required=True, metavar="NAME", zh="姓名", en="The name")
@option("--email", metavar="ADDRESS", zh="接收邮件的地址", en="Where mail reaches the person")
@option("--service", is_flag=True, zh="外部程序，凭令牌使用接口", en="Another program, which comes with a token")
@option("--admin", is_flag=True, zh="授予“系统管理员”；没有密码的给一个临时密码", en="Make an administrator, with a temporary password")
@click.pass_obj
def add(session: Session, id: str, name: str, email: str | None, service: bool, admin: bool) -> None:
    """Add a person or a service."""
    from commands.terminal import show
    from engine.errors import Misuse
    from engine.runtime.staffing import add_person

    if service and admin:
        raise Misuse(Label("外部程序不能登录界面。", "A service does not sign in."), Label("请去掉 --admin。", "Leave out --admin."))
    with session.application() as application:
        changed = add_person(application.database, id, name, email, "service" if service else "person")
        show(tr("{id} 已登记", "{id} is recorded", id=id) if changed else tr("{id} 没有变化", "{id} is so already", id=id))
        if admin:
            _make_administrator(session, application, id)


def _make_administrator(session: Session, application: Application, id: str) -> None:
    from commands.display.account import show_kept, show_password
    from commands.display.staff import show_given
    from engine.definition.organisation import Holding
    from roles.actor import ADMINISTRATOR
    from roles.scope import Identity

    if not application.access(Identity(id)).administers(None):
        holding = Holding(role=ADMINISTRATOR)
        show_given(id, holding, _give(session, application, id, holding))
    if application.accounts.has_password(id):
        show_kept(id)
    else:
        show_password(id, application.accounts.renew(id, session.caller(None)))


@command("password", "给一个新的临时密码，并结束其所有登录。", "Give a new temporary password, and sign the person out everywhere.")
@person
@click.pass_obj
def password(session: Session, person: str) -> None:
    """Give a new password."""
    from commands.display.account import show_password

    with session.application() as application:
        show_password(person, application.accounts.renew(person, session.caller(None)))


@command("sessions", "列出某人在哪里登录，或结束其所有登录。", "List where a person is signed in, or sign the person out everywhere.")
@person
@option("--end", is_flag=True, zh="结束所有登录", en="Sign the person out everywhere")
@grammar.as_json
@click.pass_obj
def sessions(session: Session, person: str, end: bool, as_json: bool) -> None:
    """List sessions, or end them."""
    from commands.display.account import show_sessions
    from commands.terminal import remark

    with session.application() as application:
        if end:
            n = application.accounts.end(person)
            remark(tr("已结束 {n} 处登录", "Signed out at {n}", n=n))
        show_sessions(person, application.accounts.sessions(person), session.settings.zone, in_json=as_json)


@command(
    "disable",
    "停用人员：从现在起不再担任任何角色，所有登录随即结束。",
    "Disable a person, who from now on holds nothing and is signed in nowhere.",
)
@person
@click.pass_obj
def disable(session: Session, person: str) -> None:
    """Disable a person."""
    from commands.display.proof import telling_gaps
    from commands.display.staff import show_disabled
    from engine.runtime import staffing

    with session.application() as application, telling_gaps(application):
        staffing.disable(application.database, person, at=application.time.now())
        show_disabled(application, person)


@command("assign", "授予角色。", "Give a person a role.")
@person
@role
@unit
@option("--from", "since", type=Day(), metavar="DATE", zh="第一天；不写则从现在起", en="First day; without it, from now on")
@option("--until", type=Day(), metavar="DATE", zh="最后一天；不写则直到撤销", en="Last day; without it, until revoked")
@click.pass_obj
def assign(session: Session, person: str, role: str, unit: str | None, since: date | None, until: date | None) -> None:
    """Give a role."""
    from commands.display.proof import telling_gaps
    from commands.display.staff import registry_of, show_given
    from engine.definition.organisation import Holding
    from engine.runtime.naming import unit_named
    from engine.runtime.staffing import role_named

    registry = registry_of(session.settings)
    with session.application() as application, telling_gaps(application):
        unit = unit_named(application.directory.roster(), unit) if unit is not None else None
        holding = Holding(role=role_named(registry, role), unit=unit, since=since, until=until)
        today = _give(session, application, person, holding)
    show_given(person, holding, today)


def _give(session: Session, application: Application, person: str, holding: Holding) -> date:
    """Record it; the day it is today."""
    from commands.display.staff import registry_of
    from engine.runtime import staffing

    now, zone = application.time.now(), session.settings.zone
    staffing.assign_days(application.database, registry_of(session.settings), person, holding, at=now, by=session.principal, zone=zone)
    return now.astimezone(zone).date()


@command("revoke", "撤销角色，立即生效。", "Take a role back, at once.")
@person
@role
@unit
@click.pass_obj
def revoke(session: Session, person: str, role: str, unit: str | None) -> None:
    """Take a role back."""
    from commands.display.proof import telling_gaps
    from commands.display.staff import held, registry_of
    from commands.terminal import show
    from engine.runtime import staffing
    from engine.runtime.naming import unit_named

    with session.application() as application, telling_gaps(application):
        unit = unit_named(application.directory.roster(), unit) if unit is not None else None
        role = staffing.revoke(application.database, registry_of(session.settings), person, role, unit, at=application.time.now())
    show(tr("{person} 不再担任 {role}", "{person} no longer holds {role}", person=person, role=held(role, unit)))


@command("units", "列出单位。", "List units.")
@grammar.as_json
@click.pass_obj
def units(session: Session, as_json: bool) -> None:
    """List units."""
    from commands.display.staff import show_units

    with session.application() as application:
        show_units(application.directory.roster(), in_json=as_json)


@command("unit", "添加或修改单位。", "Add or change a unit.")
@argument("id", "单位标识", "The id of the unit")
@option("--zh", required=True, metavar="TITLE", zh="中文名称", en="Chinese title")
@option("--en", required=True, metavar="TITLE", zh="英文名称", en="English title")
@option("--above", metavar="UNIT", zh="上级单位", en="The unit it belongs to")
@click.pass_obj
def unit_command(session: Session, id: str, zh: str, en: str, above: str | None) -> None:
    """Add a unit."""
    from commands.terminal import show
    from engine.runtime.staffing import add_unit
    from roles.staff import Unit

    with session.application() as application:
        changed = add_unit(application.database, Unit(id, Label(zh, en), above))
    show(tr("{id} 已登记", "{id} is recorded", id=id) if changed else tr("{id} 没有变化", "{id} is so already", id=id))


@command("load", "从 YAML 文件载入单位、人员和角色；可重复执行。", "Take in units, people and roles from a YAML file; safe to repeat.")
@argument("file", "人员文件", "The people file", type=click.Path(path_type=Path))
@click.pass_obj
def load(session: Session, file: Path) -> int:
    """Load a team."""
    from commands.display.proof import telling_gaps
    from commands.display.staff import read_team, registry_of, show_loaded
    from engine.runtime import staffing

    team, registry = read_team(file), registry_of(session.settings)
    if team is None:
        return PROBLEM
    with session.application() as application, telling_gaps(application):
        now, zone = application.time.now(), session.settings.zone
        show_loaded(staffing.load(application.database, registry, team, at=now, by=session.principal, zone=zone))
    return DONE


@command("roles", "列出角色文件中的角色。", "List the roles of the role files.")
@grammar.as_json
@click.pass_obj
def roles(session: Session, as_json: bool) -> None:
    """List roles."""
    from commands.display.staff import registry_of, show_roles

    show_roles(registry_of(session.settings), in_json=as_json)


@command("proof", "人员校验：每条路是否都有人走完，缺了谁会停下。", "Can people finish everything, and without whom does it stop?")
@argument(
    "workflow", "流程（标识或名称）；不写则全部", "The workflow, by id or title; all without it", required=False, metavar="[WORKFLOW]"
)
@option("--unit", metavar="UNIT", zh="只看此单位（标识或名称）", en="In this unit only, by id or title")
@option(
    "--away",
    multiple=True,
    metavar="PERSON",
    zh="假设此人不在岗（标识或姓名）；可重复",
    en="If this person were away, by id or name; may be repeated",
)
@grammar.as_json
@click.pass_obj
def proof(session: Session, workflow: str | None, unit: str | None, away: tuple[str, ...], as_json: bool) -> int:
    """Prove that people can finish."""
    from commands.display.proof import show_report
    from engine.runtime.naming import person_named, unit_named

    with session.application() as application:
        roster = application.directory.roster()
        unit = unit_named(roster, unit) if unit is not None else None
        gone = [person_named(roster, each) for each in away]
        return show_report(application.workforce.report(workflow, unit, gone), in_json=as_json)


COMMANDS = {"people": people}
