"""The main job on real input: publish, take in, work ten days, look at what became of it. Safe to repeat: it begins anew.

Whatever a user would do on the command line is done there, by the very command that is printed; the team's days go through
the same service that every door uses.
"""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from demo import dealer, phone
from demo.report import print_board, print_phase_times, print_refusals, print_reminders
from demo.team import Diary, Team
from engine.app import Application
from engine.core.command import OpenCase
from engine.label import Label, Language
from engine.runtime.founding import found_database
from engine.runtime.service import Caller
from engine.settings import SHIPPED, Settings, spoken
from engine.store import cases
from engine.store.record import Provenance, Record

FOLDER = Path(".demo")
ZONE = ZoneInfo("Asia/Shanghai")
BEGINS = datetime(2026, 9, 30, 9, 0, tzinfo=ZONE)
ENDS = datetime(2026, 10, 10, 18, 0, tzinfo=ZONE)
"""From the last working day before the National Day week to the Saturday on which work is made up for it."""
WORKING_DAYS = 7
SEED = 20260930
"""The days are the same at every run."""

FIRST_INTAKE = ("intake", "intake.csv", "--workflow", "phone-repair", "--start", "receive", "--unit", "phone-01")


def main() -> None:
    """Run the demonstration and print it."""
    language = spoken(os.environ)
    console = Console(highlight=False)
    stage = Stage(console, language)
    stage.prepare()
    stage.heading(Label("一、检查并发布流程，载入示范团队", "1. Check and publish the processes, load the demonstration team"))
    stage.run("check")
    stage.run("publish")
    stage.run("people", "load", str(SHIPPED / "roles" / "people.demo.yaml"))
    stage.heading(Label("二、受理一张真实的送修表，有误的行逐行退回", "2. Take in a sheet of tickets; faulty rows are refused one by one"))
    stage.run(*FIRST_INTAKE)
    stage.note(Label("改正其中几行，只把退回的表再送一次：", "A few of them are mended, and only the rejected sheet is sent again:"))
    mend(FOLDER / "intake.rejected.csv", FOLDER / "intake.mended.csv")
    stage.run("intake", "intake.mended.csv", *FIRST_INTAKE[2:])
    with Application.open(stage.settings) as app:
        stage.heading(
            Label(
                "三、示范团队工作十天，跨国庆假期和调休（模拟时间）",
                "3. The demonstration team works for ten days, over the National Day holidays and a make-up Saturday (simulated time)",
            )
        )
        diary = ten_days(app, console, language)
        said = Label(
            "办理 {moves} 步，拒绝 {refusals} 次，到达提醒 {rungs} 级",
            "{moves} steps done, {refusals} wishes refused, {rungs} rungs reached",
        )
        stage.note(said.fill(moves=diary.moves, refusals=len(diary.refusals), rungs=diary.rungs))
        stage.heading(Label("四、看板：各状态的工单数", "4. The board: cases by state"))
        print_board(console, app, language)
        stage.heading(Label("五、各阶段所用时间（自然时间）", "5. Time spent per phase (clock time)"))
        print_phase_times(console, app, language)
        stage.heading(Label("六、提醒与升级", "6. Reminders and escalations"))
        print_reminders(console, app, language)
        shown = fullest_story(app)
    stage.heading(Label("七、此刻逾期的，和一位主管的收件箱", "7. What is overdue now, and the inbox of a supervisor"))
    stage.run("overdue", "--limit", "8")
    stage.run("inbox", "--as", "mia", "--limit", "3")
    stage.heading(Label("八、一个工单的全过程", "8. One whole case with its history"))
    stage.run("case", shown)
    stage.run("history", shown)
    stage.heading(Label("九、为什么是那时到期", "9. Why it was due then"))
    stage.run("clock", shown, "turnaround")
    stage.run("calendar", "3wh from 2026-09-30 16:30")
    stage.heading(Label("十、几次拒绝，以及为什么", "10. Some refusals, and why"))
    with Application.open(stage.settings) as app:
        print_refusals(console, app, diary.refusals, language)
    stage.heading(Label("十一、核对：历史完整，时限与历史一致", "11. Verify: the history is whole, and the clocks agree with it"))
    stage.run("verify")
    stage.note(
        Label("数据库在 {folder}/aftercare.db；可以接着试：", "The database is {folder}/aftercare.db; go on with it:").fill(folder=FOLDER)
    )
    console.print(f"  cd {FOLDER} && ../.venv/bin/aftercare options {shown} --as amy\n", style="bold")


class Stage:
    """Where the demonstration plays: its folder, its settings, and the command line run in it."""

    def __init__(self, console: Console, language: Language) -> None:
        self._console = console
        self._language = language
        self.settings = Settings(f"sqlite:///{(FOLDER / 'aftercare.db').resolve()}", language, ZONE, (), ())

    def prepare(self) -> None:
        """An empty simulated database and a fresh copy of the sheet."""
        FOLDER.mkdir(exist_ok=True)
        for old in (*FOLDER.glob("aftercare.db*"), *FOLDER.glob("*.csv")):
            old.unlink()
        (FOLDER / "intake.csv").write_bytes((SHIPPED / "workflows" / "examples" / "intake.csv").read_bytes())
        found_database(self.settings.database, simulated=True, now=BEGINS, principal="os:demo")

    def heading(self, title: Label) -> None:
        """The title of a part."""
        self._console.print(f"\n[bold]{title.within(self._language)}[/bold]\n")

    def note(self, text: Label) -> None:
        """A sentence between."""
        self._console.print(f"\n{text.within(self._language)}\n")

    def run(self, *arguments: str) -> None:
        """One command as a user would type it, and what it answers. A refusal (exit 1) is part of the story; more is not."""
        self._console.print("[dim]$[/dim] aftercare " + " ".join(arguments), soft_wrap=True)
        environment = {**os.environ, "AFTERCARE_LANGUAGE": self._language, "AFTERCARE_ZONE": ZONE.key, "PYTHONPATH": str(SHIPPED)}
        done = subprocess.run([sys.executable, "-m", "cli", *arguments], cwd=FOLDER, env=environment, check=False)
        if done.returncode not in (0, 1):
            raise SystemExit(done.returncode)


def mend(rejected: Path, target: Path) -> None:
    """Correct what a colleague at the counter would correct, and leave the rest out."""
    rows = list(csv.DictReader(io.StringIO(rejected.read_text("utf-8-sig"))))
    kept = []
    for row in rows:
        if "imei" in row["rejected_field"] and len(row["串号"]) == 14:
            kept.append({**row, "串号": f"{row['串号']}1"})
        elif row["rejected_field"] == "symptom" and not row["故障现象"]:
            kept.append({**row, "故障现象": "开机后反复重启"})
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(kept)
    target.write_bytes(text.getvalue().encode("utf-8-sig"))


def ten_days(app: Application, console: Console, language: Language) -> Diary:
    """Let the team work, with a bar that shows the days."""
    counter = Caller(Provenance("cli", "os:demo"), "cleo")
    for offset, number in enumerate(("RO26-004417", "RO26-004418", "RO26-004419")):
        form = {**dealer.FIRST_TICKET, "order_no": number, "delivered_on": str(BEGINS.date() - timedelta(days=offset))}
        app.cases.open("dealer-callback", OpenCase("list", form), counter)
    with app.database.read() as reader:
        numbers = sorted(line.number for line in cases.lines(reader, cases.Filter(is_open=True), limit=1000))
    team = Team(app, {"phone-repair": phone.HABITS, "dealer-callback": dealer.HABITS}, Random(SEED))
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(Label("工作日", "working day").within(language), total=WORKING_DAYS)

        def new_day(_: datetime) -> None:
            progress.advance(task)

        return team.work(numbers, ENDS, new_day)


def fullest_story(app: Application) -> str:
    """The closed repair that went through the most: one with rework, if there is any."""
    with app.database.read() as reader:
        ended = [line.number for line in cases.lines(reader, cases.Filter(workflow="phone-repair", state="closed"), limit=1000)]
        stories = cases.records(reader, ended).values()

    def inspections_and_steps(record: Record) -> tuple[int, int]:
        performed = record.case.performed
        return sum(act.step == "inspect" for act in performed), len(performed)

    return max(stories, key=inspections_and_steps).case.number


if __name__ == "__main__":
    main()
