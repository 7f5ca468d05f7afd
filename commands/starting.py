"""Commands for beginning with a process: a first file that checks, and the schemas by which editors complete."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from commands.grammar import argument, command, option
from commands.session import Session
from commands.speech import tr
from engine.label import Label


@command(
    "new",
    "新建流程文件：带注释、可通过检查，并附场景。",
    "Begin a workflow: a commented file that checks, with scenarios that pass.",
)
@argument("workflow", "流程标识，如 return-visit", "The id of the workflow, such as return-visit")
@option("--zh", metavar="TITLE", zh="中文名称", en="Its title in Chinese")
@option("--en", metavar="TITLE", zh="英文名称", en="Its title in English")
@option(
    "--owner",
    metavar="ROLE",
    zh="负责角色；不写则取该组织第一个有下级的角色",
    en="The role that answers for it; by default the first of the organisation that has others below",
)
@option("--organisation", metavar="ORG", zh="组织；不写则取第一个", en="The organisation; by default the first")
@option(
    "--into",
    metavar="DIR",
    type=click.Path(path_type=Path),
    zh="放在此文件夹；不写则为设置中的流程文件夹",
    en="Where it is put; by default the folder of the settings",
)
@click.pass_obj
def new(
    session: Session, workflow: str, zh: str | None, en: str | None, owner: str | None, organisation: str | None, into: Path | None
) -> None:
    """Begin a workflow."""
    from commands.display.definition import near
    from commands.terminal import show
    from engine.runtime.beginning import UNNAMED, begin

    settings = session.settings
    folder = into if into is not None else near(settings.definitions[0])
    for made in begin(settings, folder, workflow, Label(zh or UNNAMED.zh, en or UNNAMED.en), owner=owner, organisation=organisation):
        show(tr("建立 {path}", "Made {path}", path=made))
    file = folder / f"{workflow}.yaml"
    show(tr("接下来：aftercare check {file} && aftercare test {file}", "Next: aftercare check {file} && aftercare test {file}", file=file))


@command(
    "schema",
    "输出 JSON Schema，供编辑器补全和纠错。",
    "Print a JSON Schema, by which editors complete and correct.",
)
@argument(
    "kind",
    "哪种文件：workflow、part、scenarios、calendar、official、roles、procedures、people",
    "Which kind of file: workflow, part, scenarios, calendar, official, roles, procedures, people",
    required=False,
    default="workflow",
)
@option(
    "--into",
    metavar="DIR",
    type=click.Path(path_type=Path),
    zh="把全部 Schema 写入此文件夹",
    en="Write the schemas of all kinds into this folder",
)
def schema(kind: str, into: Path | None) -> None:
    """Print or write schemas."""
    from commands.terminal import show
    from engine.authoring.schema import text_of
    from engine.runtime.beginning import write_schemas

    if into is None:
        click.echo(text_of(kind), nl=False)
        return
    for made in write_schemas(into):
        show(tr("写入 {path}", "Wrote {path}", path=made))


COMMANDS = {each.name: each for each in (new, schema)}
