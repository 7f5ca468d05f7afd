"""People, units and roles on the terminal, and the files they come from."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.text import Text

from commands import terminal
from commands.display.definition import near
from commands.display.substitution import last_day
from commands.speech import counted, language, listed, say, tr
from engine.app import Application
from engine.authoring.diagnostic import has_errors
from engine.authoring.excerpt import render
from engine.authoring.organisation import read_people, read_roles
from engine.definition.organisation import Holding, PeopleFile
from engine.representation.staff import deputies_of, of_people, of_roles, of_units
from engine.runtime.access import OPERATOR
from engine.runtime.colleagues import colleagues
from engine.runtime.staffing import Loaded
from engine.settings import Settings
from roles.registry import RoleRegistry
from roles.roster import Roster

_NAMED = 10


def registry_of(settings: Settings) -> RoleRegistry:
    """The roles of the settings' role files; what is wrong with a file is shown by `check`, and here only that it is."""
    registry, found, _ = read_roles([near(folder) for folder in settings.role_path()])
    if has_errors(found):
        terminal.remark(
            tr(
                "角色文件有错误，其中的角色不全；请用“aftercare check”查看。",
                "A role file has errors, and its roles are not all there; see “aftercare check”.",
            )
        )
    return registry


def read_team(file: Path) -> PeopleFile | None:
    """The team of a file; None when it does not hold, after showing why."""
    team, diagnostics, document = read_people(file)
    if diagnostics:
        print(render(diagnostics, {document.file: document.text}, language(), colour=terminal.has_colour()), end="")
    return None if has_errors(diagnostics) else team


def show_people(roster: Roster, now: datetime, zone: ZoneInfo, *, in_json: bool) -> None:
    """Everybody, and what they hold now."""
    if in_json:
        terminal.as_json(of_people(colleagues(roster, OPERATOR, now).values(), roster, now))
        return
    everybody = [
        (each, sorted(roster.actor(each.id, now).grants, key=lambda grant: (grant.role, grant.unit or "")))
        for each in roster.people.values()
    ]
    if not everybody:
        terminal.show(tr("还没有人员。用 aftercare people load 文件 载入。", "Nobody yet. Load a team: aftercare people load FILE"))
        return
    rows: list[list[terminal.Cell]] = []
    some_away = any(roster.away_until(each.id, now) is not None for each, _ in everybody)
    for each, grants in everybody:
        holds = listed([held(grant.role, grant.unit) for grant in grants])
        gone = each.disabled_at is not None and each.disabled_at <= now
        rows.append(
            [
                Text(each.id, "dim" if gone else "bold"),
                each.name if each.kind == "person" else tr("{name}（外部程序）", "{name} (service)", name=each.name),
                tr("（已停用）", "(disabled)") if gone else holds or "–",
                *([_away(each.id, roster, now, zone)] if some_away else []),
            ]
        )
    titles = [tr("标识", "Id"), tr("姓名", "Name"), tr("现任角色", "Holds now")]
    terminal.table([*titles, *([tr("不在岗", "Away")] if some_away else [])], rows, kept=(0, 1))


def _away(person: str, roster: Roster, now: datetime, zone: ZoneInfo) -> str:
    """Until when somebody is away, and who stands in."""
    until = roster.away_until(person, now)
    if until is None:
        return "–"
    standing_in = (known.delegation for known in deputies_of(person, roster, now))
    deputies = [each.delegate if each.role is None else f"{each.delegate} ({each.role})" for each in standing_in]
    return tr(
        "至 {day}，代理：{deputies}",
        "until {day}; stands in: {deputies}",
        day=last_day(until, zone),
        deputies=listed(deputies) or tr("无人", "nobody"),
    )


def show_disabled(application: Application, person: str) -> None:
    """A person just disabled, and what is left with him."""
    terminal.show(tr("{person} 已停用", "{person} is disabled", person=person))
    left = application.views.held([person]).get(person, ())
    if left:
        terminal.remark(
            tr(
                "仍由其承办：{held}（{numbers}）。请用 aftercare assign 改派。",
                "Still held: {held} ({numbers}). Give them to others with aftercare assign.",
                held=counted(len(left), "个未结工单", "open case", "open cases"),
                numbers=listed([*left[:_NAMED], *(["…"] if len(left) > _NAMED else [])]),
            )
        )


def held(role: str, unit: str | None) -> str:
    """A role and where it is held, by their ids; without a unit it is held everywhere."""
    return f"{role} @ {unit}" if unit else role


def show_given(person: str, holding: Holding, today: date) -> None:
    """What a person holds from now or from a later day on."""
    role = held(holding.role, holding.unit)
    if holding.since is None or holding.since <= today:
        said = tr("{person} 现在担任 {role}", "{person} holds {role}", person=person, role=role)
    else:
        said = tr("{person} 自 {day} 起担任 {role}", "{person} holds {role} from {day} on", person=person, role=role, day=holding.since)
    if holding.until is not None:
        said += tr("，至 {day} 止", ", until {day}", day=holding.until)
    terminal.show(said)


def show_units(roster: Roster, *, in_json: bool) -> None:
    """All units."""
    units = roster.units.values()
    if in_json:
        terminal.as_json(of_units(units))
        return
    rows = [(Text(each.id, "bold"), say(each.title), each.parent or "–") for each in units]
    terminal.table([tr("标识", "Id"), tr("名称", "Title"), tr("上级", "Above")], rows)


def show_roles(registry: RoleRegistry, *, in_json: bool) -> None:
    """All roles."""
    roles = sorted(registry.roles.values(), key=lambda role: (role.external, role.organisation, role.id))
    if in_json:
        terminal.as_json(of_roles(roles))
        return
    rows = [
        (Text(each.id, "bold"), say(each.title), tr("外部", "outside") if each.external else each.organisation, each.reports_to or "–")
        for each in roles
    ]
    terminal.table([tr("标识", "Id"), tr("名称", "Title"), tr("组织", "Organisation"), tr("上级", "Reports to")], rows)


def show_loaded(loaded: Loaded) -> None:
    """What a file changed."""
    terminal.show(
        tr(
            "新增或改动：{units}、{people}、{given}。",
            "Added or changed: {units}, {people}, {given}.",
            units=counted(loaded.units, "个单位", "unit", "units"),
            people=counted(loaded.people, "名人员", "person", "people"),
            given=counted(loaded.assignments, "项角色", "role held", "roles held"),
        )
    )
