"""Who is away and who stands in, on the terminal."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rich.text import Text

from commands import terminal
from commands.speech import counted, say, tr
from engine.app import Application
from engine.representation.staff import of_absences, of_delegations
from engine.runtime.access import OPERATOR
from engine.runtime.colleagues import colleagues
from engine.runtime.titles import person_title
from roles.absence import Absence
from roles.delegation import Delegation
from roles.roster import Roster


def show_absent(application: Application, absence: Absence) -> None:
    """An absence just recorded; what lies with the person meanwhile, where nobody stands in."""
    zone, roster = application.settings.zone, application.directory.roster()
    terminal.show(
        tr("{person} 不在岗：{days}", "{person} is away: {days}", person=absence.person, days=_days(absence.since, absence.until, zone))
    )
    begins = max(absence.since, application.time.now())
    if roster.deputies(absence.person, None, begins):
        return
    held = application.views.held([absence.person]).get(absence.person, ())
    if not held:
        terminal.remark(
            tr("没有代理人。委托：aftercare delegate {person} 代理人", "Nobody stands in. Let somebody: aftercare delegate {person} PERSON",
               person=absence.person)
        )  # fmt: skip
        return
    terminal.remark(
        tr(
            "没有代理人；手上有 {held}。用 aftercare delegate {person} 代理人 委托，或用 aftercare assign 改派。",
            "Nobody stands in; still to do: {held}. Let somebody: aftercare delegate {person} PERSON, or assign the cases to others.",
            person=absence.person,
            held=counted(len(held), "个未结工单", "open case", "open cases"),
        )
    )


def show_absences(roster: Roster, now: datetime, zone: ZoneInfo, *, in_json: bool) -> None:
    """Who is away, or will be."""
    coming = [each for each in roster.absences if each.absence.until > now]
    if in_json:
        terminal.as_json(of_absences(coming, colleagues(roster, OPERATOR, now)))
        return
    if not coming:
        terminal.show(tr("没有人不在岗。", "Nobody is away."))
        return
    rows = [
        (
            Text(str(each.id), "bold"),
            say(person_title(each.absence.person, roster)),
            _days(each.absence.since, each.absence.until, zone),
            each.reason or "–",
        )
        for each in coming
    ]
    terminal.table([tr("编号", "No."), tr("人员", "Person"), tr("不在岗", "Away"), tr("原因", "Why")], rows, kept=(0, 1, 2))


def show_delegated(delegation: Delegation, now: datetime, zone: ZoneInfo) -> None:
    """A delegation just recorded."""
    said = tr(
        "{delegate} 代理 {delegator}（{what}）：{days}",
        "{delegate} stands in for {delegator} ({what}): {days}",
        delegate=delegation.delegate,
        delegator=delegation.delegator,
        what=delegation.role or _everything(),
        days=_days(max(delegation.since, now), delegation.until, zone),
    )
    terminal.show(said)


def show_delegations(application: Application, *, in_json: bool) -> None:
    """Who stands in for whom, or will, and how many open cases that comes to now."""
    now, zone, roster = application.time.now(), application.settings.zone, application.directory.roster()
    coming = [each for each in roster.delegations if each.delegation.until > now]
    held = application.views.held({each.delegation.delegator for each in coming})
    if in_json:
        terminal.as_json(of_delegations(coming, colleagues(roster, OPERATOR, now), held))
        return
    if not coming:
        terminal.show(tr("没有委托。", "Nobody stands in for anybody."))
        return
    rows = [
        (
            Text(str(each.id), "bold"),
            say(person_title(each.delegation.delegator, roster)),
            say(person_title(each.delegation.delegate, roster)),
            each.delegation.role or _everything(),
            _days(each.delegation.since, each.delegation.until, zone),
            str(len(held.get(each.delegation.delegator, ()))),
            each.reason or "–",
        )
        for each in coming
    ]
    titles = [
        tr("编号", "No."), tr("委托人", "For"), tr("代理人", "Stands in"), tr("范围", "In"), tr("期间", "When"),
        tr("未结工单", "Open cases"), tr("原因", "Why"),
    ]  # fmt: skip
    terminal.table(titles, rows, kept=(0, 1, 2, 4))


def last_day(until: datetime, zone: ZoneInfo) -> date:
    """The last day of what ends at this instant."""
    return (until - timedelta(microseconds=1)).astimezone(zone).date()


def _days(since: datetime, until: datetime, zone: ZoneInfo) -> str:
    first, last = since.astimezone(zone).date(), last_day(until, zone)
    return str(first) if first == last else tr("{first} 至 {last}", "{first} to {last}", first=first, last=last)


def _everything() -> str:
    return tr("全部", "everything")
