"""The staff, for administrators: somebody new, another name, roles given and taken back, a new password, an account that is closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError

from engine.definition.organisation import Holding
from engine.errors import AftercareError, Conflict, Misuse, Unknown
from engine.label import Label
from engine.runtime.workforce import Gap
from web.console.form.span import day_in
from web.console.pages.people import PATH, Refusal, person_address, show_person, told_of
from web.console.screen import Filled, Screen, Showing
from web.problem import STATUS_OF_ERRORS, in_full

router = APIRouter(include_in_schema=False)


@router.get(PATH + "/-/new")
def ask_new(screen: Showing) -> Response:
    """The form for somebody new."""
    screen.application.personnel.require_adding(screen.access)
    return screen.page("person_new.html", "people", typed={}, faults={})


@router.post(PATH + "/-/new")
def add(screen: Showing, form: Filled) -> Response:
    """Somebody new, who holds nothing yet."""
    typed = _typed(form, "id", "name", "email")
    try:
        screen.application.personnel.add(typed["id"], typed["name"], typed["email"], screen.access)
    except (Misuse, Conflict) as error:
        faults = {_place(error, typed): in_full(error)}
        return screen.page("person_new.html", "people", _status(error), typed=typed, faults=faults)
    said = Label("已添加，请授予角色", "Added: now grant a role")
    return screen.then(person_address(typed["id"]), lambda: show_person(screen, typed["id"]), said)


@router.post(PATH + "/{person}/name")
def rename(screen: Showing, person: str, form: Filled) -> Response:
    """Another name or mail address."""
    typed = _typed(form, "name", "email")

    def change() -> Sequence[Gap]:
        screen.application.personnel.rename(person, typed["name"], typed["email"], screen.access)
        return ()

    return _changed(screen, person, "name", typed, change, Label("已保存", "Saved"))


@router.post(PATH + "/{person}/roles")
def assign(screen: Showing, person: str, form: Filled) -> Response:
    """Give a role."""
    typed = _typed(form, "role", "unit", "since", "until")
    if not typed["role"]:
        return show_person(screen, person, Refusal("roles", {"role": Label("请选择角色。", "Choose a role.")}, typed))

    def change() -> Sequence[Gap]:
        return screen.application.personnel.assign(person, _holding(typed), screen.access, by=screen.caller.provenance.principal)

    return _changed(screen, person, "roles", typed, change, Label("已授予角色", "The role is granted"))


@router.post(PATH + "/{person}/roles/end")
def revoke(screen: Showing, person: str, form: Filled) -> Response:
    """Take a role back, at once."""
    typed = _typed(form, "role", "unit")

    def change() -> Sequence[Gap]:
        return screen.application.personnel.revoke(person, typed["role"], typed["unit"] or None, screen.access)

    return _changed(screen, person, "revoke", typed, change, Label("已撤销角色", "The role is revoked"))


@router.post(PATH + "/{person}/disable")
def disable(screen: Showing, person: str) -> Response:
    """From now on he holds nothing and cannot sign in."""
    said = Label("已停用", "Disabled")
    return _changed(screen, person, "disable", {}, lambda: screen.application.personnel.disable(person, screen.access), said)


@router.post(PATH + "/{person}/password")
def renew(screen: Showing, person: str) -> Response:
    """A password for one sign-in, which is shown this once. Nobody renews his own: he would have to know the present one."""
    screen.application.personnel.require_keeping(person, screen.access)
    try:
        secret = screen.application.accounts.renew(person, screen.caller)
    except Conflict as error:
        return show_person(screen, person, Refusal("password", {"password": in_full(error)}, status=_status(error)))
    screen.say(Label("已生成新密码", "There is a new password"))
    return show_person(screen, person, secret=secret)


@router.post(PATH + "/{person}/sessions/end")
def end_sessions(screen: Showing, person: str) -> Response:
    """He is signed out everywhere."""
    screen.application.personnel.require_keeping(person, screen.access)
    screen.application.accounts.end(person)
    said = Label("已退出其全部登录", "Signed out everywhere")
    return screen.then(person_address(person), lambda: show_person(screen, person), said)


def _changed(screen: Screen, person: str, asked: str, typed: dict[str, str], change: Callable[[], Sequence[Gap]], said: Label) -> Response:
    try:
        lost = change()
    except (Misuse, Conflict, Unknown) as error:
        if isinstance(error, Unknown) and person not in screen.application.directory.roster().people:
            raise
        faults = {_place(error, typed) if asked == "name" else asked: in_full(error)}
        return show_person(screen, person, Refusal(asked, faults, typed, _status(error)))
    return screen.then(person_address(person), lambda: show_person(screen, person), said, told_of(lost, screen.access))


def _typed(form: Filled, *names: str) -> dict[str, str]:
    return {name: str(form.get(name) or "").strip() for name in names}


def _holding(typed: dict[str, str]) -> Holding:
    """What was filled in. Raises Misuse for a day that is none, and for what nothing can be called."""
    since, until = (_day(typed[name]) for name in ("since", "until"))
    try:
        return Holding(role=typed["role"], unit=typed["unit"] or None, since=since, until=until)
    except ValidationError:
        raise Misuse(Label("请从列表中选择角色和单位。", "Choose role and unit from the lists.")) from None


def _day(text: str) -> date | None:
    if not text:
        return None
    found = day_in(text)
    if found is None:
        raise Misuse(Label("“{text}”不是日期。", "“{text}” is no day.").fill(text=text))
    return found


def _place(error: AftercareError, typed: dict[str, str]) -> str:
    """Beside which field it is told."""
    if not typed.get("name"):
        return "name"
    return "email" if "@" in error.sentence.en or "mail" in error.sentence.en else "id" if "id" in typed else "name"


def _status(error: AftercareError) -> int:
    return 422 if isinstance(error, Misuse) else STATUS_OF_ERRORS[error.code]
