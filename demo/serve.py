"""`make serve`: a department that has just opened, on its screen and over HTTP, and what to type to try it. Begins anew each time.

On real time: that of a simulated database stands still, and whoever tries it shall see reminders come.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

from rich.console import Console

from demo.stage import FOLDER, Stage
from engine.app import Application
from engine.label import Label
from engine.runtime.tokens import Wish
from engine.settings import SHIPPED, Settings, spoken
from engine.store import cases
from roles.scope import WHOLE

SERVED = FOLDER / "served"
RECEPTIONIST, REPAIRER, COURIER = "amy", "tom", "courier"
PASSWORDS = {RECEPTIONIST: "kettle window lamp", REPAIRER: "river pencil cloud"}
"""For whoever tries the screen; nowhere else does a password stand in the source."""
TICKETS = 8
"""How many devices have come in this morning."""
TEAM = str(SHIPPED / "roles" / "people.demo.yaml")
TRY = """
export TOKEN={person}
export COURIER={service}

curl -s -H "Authorization: Bearer $COURIER" {at}/cases/{number}
curl -s -H "Authorization: Bearer $TOKEN" {at}/cases/{number}/options
curl -s -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: take-{number}" -H "Content-Type: application/json" \\
  -d '{{}}' {at}/cases/{number}/transitions/take"""


def main() -> None:
    """Prepare, say what to type, and become the server."""
    stage = Stage(Console(highlight=False, soft_wrap=True), spoken(os.environ), SERVED)
    stage.prepare(simulated=False, now=datetime.now(UTC))
    first_rows(stage)
    stage.run("people", "load", TEAM)
    stage.run("publish")
    stage.run("intake", "intake.csv", "--workflow", "phone-repair", "--start", "receive", "--unit", "phone-01")
    tell(stage)
    sys.stdout.flush()
    os.chdir(SERVED)
    os.execve(sys.executable, [sys.executable, "-m", "cli", "serve"], stage.environment)


def first_rows(stage: Stage) -> None:
    """Of the sheet no more than a morning's devices."""
    sheet = stage.folder / "intake.csv"
    sheet.write_bytes(b"".join(sheet.read_bytes().splitlines(keepends=True)[: TICKETS + 1]))


def tell(stage: Stage) -> None:
    """Where the screen is and who can sign in; tokens, and three lines that use them."""
    with Application.open(stage.settings) as app:
        for who, password in PASSWORDS.items():
            app.accounts.set_password(who, password, by="os:demo")
        person, service = (app.tokens.make(Wish(holder, "make serve", WHOLE), by="os:demo").secret for holder in (REPAIRER, COURIER))
        with app.database.read() as reader:
            number = cases.lines(reader, cases.Filter("phone-repair"), limit=1)[0].number
    listen = Settings.load(stage.environment, SERVED).listen
    screen = Label(
        "打开界面 http://{listen}/，登录：前台 {amy}，密码 {hers}；维修 {tom}，密码 {his}。",
        "Open the screen at http://{listen}/ and sign in: at the counter as {amy}, password {hers}; at the bench as {tom}, password {his}.",
    )
    hers, his = PASSWORDS.values()
    stage.note(screen.fill(listen=listen, amy=RECEPTIONIST, hers=hers, tom=REPAIRER, his=his))
    said = Label(
        "在另一个终端里试接口：快递对接读取工单，样例维修01查看可办步骤并接单。",
        "Try the API in another terminal: the courier's program reads a case, 样例维修01 asks what he may do, and takes it.",
    )
    stage.note(said)
    stage.console.print(TRY.format(person=person, service=service, number=number, at=f"http://{listen}/api/v1"), markup=False)
    more = Label(
        "接着读：docs/how-to/one-case-with-curl.md；全部路径：http://{listen}/api/v1/openapi.json。",
        "Read on: docs/how-to/one-case-with-curl.md; every path: http://{listen}/api/v1/openapi.json.",
    )
    stage.note(more.fill(listen=listen))


if __name__ == "__main__":
    main()
