"""The main job on real input: publish, take in, work ten days, look at what became of it. Safe to repeat: it begins anew.

Whatever a user would do on the command line is done there, by the very command that is printed; the team's days go through
the same service that every door uses.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from random import Random

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from demo import dealer, phone
from demo.report import print_board, print_moments, print_phase_times, print_refusals, print_reminders
from demo.sheet import bring_back, mend
from demo.stage import BEGINS, FOLDER, ZONE, Stage
from demo.team import Diary, Team
from engine.app import Application
from engine.core.command import OpenCase
from engine.label import Label
from engine.runtime.caller import Caller
from engine.settings import SHIPPED, spoken
from engine.store import cases, files
from engine.store.record import Provenance, Record

ENDS = datetime(2026, 10, 10, 18, 0, tzinfo=ZONE)
"""The Saturday on which work is made up for the National Day week."""
WIDE = 120
"""Columns of what is not a terminal."""
SEED = 20260930
"""The days are the same at every run."""

TEAM = str(SHIPPED / "roles" / "people.demo.yaml")
CALLBACK = str(SHIPPED / "workflows" / "phone" / "phone-callback.yaml")
INTAKE = ("--workflow", "phone-repair", "--start", "receive", "--unit", "phone-01")
LEAVE = ("--from", "2026-10-05", "--until", "2026-10-06")
ILL, FALLS_ILL = "sue", datetime(2026, 10, 8, 9, 0, tzinfo=ZONE)


def main() -> None:
    """Run the demonstration and print it."""
    stage = Stage(Console(highlight=False, width=None if sys.stdout.isatty() else WIDE), spoken(os.environ))
    stage.prepare()
    take_in(stage)
    diary = Diary()
    begin(stage, diary)
    fall_ill(stage)
    go_on(stage, diary)
    look_back(stage)
    explain(stage, diary)


def take_in(stage: Stage) -> None:
    """Processes, people and a sheet of tickets."""
    stage.heading(Label("一、检查、试跑并发布流程，载入示范团队", "1. Check, try and publish the processes, load the demonstration team"))
    stage.run("check", "--people", TEAM)
    stage.run("test", CALLBACK, "--coverage", "--mutation")
    stage.run("people", "load", TEAM)
    stage.run("publish")
    stage.note(Label("缺了谁，一店的返修会停下？", "Without whom would repairs stop in the first shop?"))
    stage.run("people", "proof", "phone-repair", "--unit", "phone-01")
    stage.heading(Label("二、受理一张真实的送修表，有误的行逐行退回", "2. Take in a sheet of tickets; faulty rows are refused one by one"))
    stage.run("intake", "intake.csv", *INTAKE)
    stage.note(Label("改正其中几行，只把退回的表再送一次：", "A few of them are mended, and only the rejected sheet is sent again:"))
    mend(FOLDER / "intake.rejected.csv", FOLDER / "intake.mended.csv")
    stage.run("intake", "intake.mended.csv", *INTAKE)


def begin(stage: Stage, diary: Diary) -> None:
    """The days until after the holidays."""
    stage.heading(
        Label(
            "三、示范团队工作到国庆之后（模拟时间），其间一人休假，由同事代理",
            "3. The team works until after the National Day holidays (simulated time); one is on leave, another stands in",
        )
    )
    stage.run("absent", "tom", *LEAVE, "--reason", "年休假")
    stage.run("delegate", "tom", "ray", *LEAVE)
    with Application.open(stage.settings) as app:
        list_cars(app)
        work(app, stage, diary, until=FALLS_ILL, days=4)


def fall_ill(stage: Stage) -> None:
    """A repairer is away and nobody stands in: his cases stand still, which is noticed, and pass to another by one plan."""
    stage.heading(
        Label(
            "四、一人请病假，无人代理：哪些工单停住了，一次批量改派",
            "4. One falls ill and nobody stands in: what stands still, and one plan for all of it",
        )
    )
    stage.run("absent", ILL, "--until", "2026-10-14", "--reason", "病假")
    with Application.open(stage.settings) as app:
        app.watch.run_once()
        with app.database.read() as reader:
            held = sorted(line.number for line in cases.lines(reader, cases.Filter("phone-repair", person=ILL, is_open=True), limit=1000))
    stage.run("incidents", "--kind", "holder_absent", "--limit", "3")
    stage.run("bulk", "plan", "reassign", *held, "--as", "mia", "--set", "tester=tom", "--reason", "病假，改由同事办理")
    with Application.open(stage.settings) as app:
        (plan,) = app.bulk.newest(1)
    stage.run("bulk", "run", plan.id, "--as", "mia")
    with Application.open(stage.settings) as app:
        watched = app.watch.run_once()
    said = Label(
        "改派之后，{resolved} 条异常自行解除，剩余 {open} 条", "With that {resolved} incidents are over by themselves; {open} are left"
    )
    stage.note(said.fill(resolved=watched.resolved, open=watched.open))


def go_on(stage: Stage, diary: Diary) -> None:
    """The days after, and what they all have brought."""
    stage.heading(Label("五、再工作三天，到调休的周六", "5. Three more days, to the Saturday on which work is made up"))
    with Application.open(stage.settings) as app:
        work(app, stage, diary, until=ENDS, days=3)
        told = Label(
            "十天共办理 {moves} 步，其中代理 {lent} 步；撤销 {undone} 步；拒绝 {refusals} 次；到达提醒 {rungs} 级",
            "In all {moves} steps done, {lent} of them for somebody away; {undone} undone; {refusals} refused; {rungs} rungs reached",
        )
        stage.note(
            told.fill(
                moves=diary.moves, lent=diary.lent, undone=diary.undone, refusals=len(diary.refusals) + diary.unseen, rungs=diary.rungs
            )
        )
        stage.console.print()
        print_moments(stage.console, app, stage.language)
        stage.console.print()
        print_board(stage.console, app, stage.language)
        stage.heading(
            Label("六、各阶段所用时间（自然时间），提醒与升级", "6. Time spent per phase (clock time), reminders and escalations")
        )
        print_phase_times(stage.console, app, stage.language)
        stage.console.print()
        print_reminders(stage.console, app, stage.language)


def look_back(stage: Stage) -> None:
    """What is overdue, and one case as a whole."""
    with Application.open(stage.settings) as app:
        shown = fullest_story(app)
        imei = str(app.views.case(shown).case.data["imei"])
    stage.heading(Label("七、此刻逾期的，和一位主管的收件箱", "7. What is overdue now, and the inbox of a supervisor"))
    stage.run("overdue", "--limit", "6")
    stage.run("inbox", "--as", "mia", "--limit", "2")
    stage.heading(Label("八、一个工单、它的子工单和全过程", "8. One whole case with its children and its history"))
    stage.run("case", shown)
    stage.run("history", shown)
    stage.heading(Label("九、为什么是那时到期", "9. Why it was due then"))
    stage.run("clock", shown, "turnaround")
    stage.heading(Label("十、同一台机器再次送修，受理时即提示", "10. A device that comes back is announced at intake"))
    bring_back(FOLDER / "intake.csv", FOLDER / "return.csv", imei)
    stage.run("intake", "return.csv", *INTAKE)


def explain(stage: Stage, diary: Diary) -> None:
    """Refusals, who else can, and the proof that nothing was changed."""
    stage.heading(Label("十一、为什么不行，谁可以", "11. Why not, and who can"))
    with Application.open(stage.settings) as app:
        print_refusals(stage.console, app, diary.refusals, stage.language)
        number = to_inspect(app)
        repairer = str(app.views.case(number).case.data["tester"])
    stage.run("why", number, "inspect", "--as", repairer)
    stage.heading(Label("十二、核对：历史完整，时限与历史一致", "12. Verify: the history is whole, and the clocks agree with it"))
    stage.run("verify")
    said = Label("数据库在 {folder}/aftercare.db；可以接着试：", "The database is {folder}/aftercare.db; go on with it:")
    stage.note(said.fill(folder=FOLDER))
    stage.console.print(f"\n  cd {FOLDER} && ../.venv/bin/aftercare options {number} --as {repairer}\n", style="bold")


def list_cars(app: Application) -> None:
    """Cars that have been serviced, to be called about."""
    counter = Caller(Provenance("cli", "os:demo"), "cleo")
    for offset, number in enumerate(("RO26-004417", "RO26-004418", "RO26-004419")):
        form = {**dealer.FIRST_TICKET, "order_no": number, "delivered_on": str(BEGINS.date() - timedelta(days=offset))}
        app.cases.open("dealer-callback", OpenCase("list", form), counter)
    with app.database.write() as connection:
        files.put(connection, phone.PHOTO, "image/png", BEGINS)


def work(app: Application, stage: Stage, diary: Diary, *, until: datetime, days: int) -> None:
    """Let the team work on everything that is open, with a bar that shows the days."""
    with app.database.read() as reader:
        numbers = sorted(line.number for line in cases.lines(reader, cases.Filter(is_open=True), limit=1000))
    habits = {"phone-repair": phone.HABITS, "phone-material-outbound": phone.OUTBOUND, "phone-callback": phone.CALLBACK}
    team = Team(app, {**habits, "dealer-callback": dealer.HABITS}, Random(SEED))
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeElapsedColumn())
    with Progress(*columns, console=stage.console) as progress:
        task = progress.add_task(Label("工作日", "working day").within(stage.language), total=days)

        def new_day(_: datetime) -> None:
            progress.advance(task)

        team.work(numbers, until, diary, new_day)


def fullest_story(app: Application) -> str:
    """The closed repair that went through the most: with parts, acts for somebody away, steps undone, rounds of inspection."""
    with app.database.read() as reader:
        ended = [line.number for line in cases.lines(reader, cases.Filter(workflow="phone-repair", state="closed"), limit=1000)]
        stories = cases.records(reader, ended).values()

    def told(record: Record) -> tuple[int, int]:
        case = record.case
        has_parts, is_lent = "parts" in case.children, any(act.on_behalf_of is not None for act in case.performed)
        is_redone = any(act.undone for act in case.performed) or case.data["reworks"] != 0
        return 4 * has_parts + 2 * is_lent + is_redone, -len(case.performed)

    return max(stories, key=told).case.number


def to_inspect(app: Application) -> str:
    """The first repaired device that waits for its inspection."""
    with app.database.read() as reader:
        return cases.lines(reader, cases.Filter("phone-repair", "inspecting"), limit=1)[0].number


if __name__ == "__main__":
    main()
