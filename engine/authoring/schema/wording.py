"""What each key of a document is called and what it means, in both languages: what an editor shows beside the cursor.

One entry for a key wherever it stands; `Model.key` where it means something else there.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.definition.element import Element
from engine.label import Label


def title_of(model: type[Element], key: str) -> str:
    """How a key is called: `状态 · States`."""
    title, _ = _entry(model, key)
    return f"{title.zh} · {title.en}"


def description_of(model: type[Element], key: str) -> str | None:
    """What it means, Chinese first; None where its title says all."""
    _, meaning = _entry(model, key)
    return f"{meaning.zh}\n\n{meaning.en}" if meaning is not None else None


def _entry(model: type[Element], key: str) -> tuple[Label, Label | None]:
    own = (WORDS.get(f"{each.__name__}.{key}") for each in model.__mro__)
    return next((entry for entry in own if entry is not None), None) or WORDS[key]


def _of(zh: str, en: str, meaning_zh: str | None = None, meaning_en: str | None = None) -> tuple[Label, Label | None]:
    meaning = Label(meaning_zh, meaning_en) if meaning_zh is not None and meaning_en is not None else None
    return Label(zh, en), meaning


WORDS: Mapping[str, tuple[Label, Label | None]] = MappingProxyType(
    {
        # A label
        "zh": _of("中文", "Chinese"),
        "en": _of("英文", "English"),
        "title": _of(
            "名称",
            "Title",
            "中英文名称；含逗号、冒号加空格或 # 时加引号。",
            "In both languages; in quotes if it holds a comma, a colon and a space, or a #.",
        ),
        # The head of a workflow
        "workflow": _of("流程标识", "Workflow id", "小写英文；不显示，也不更改。", "Small letters; never shown, never changed."),
        "version": _of("版本", "Version", "改动后的文本每次发布都要加大。", "Raised whenever a changed text is published."),
        "owner": _of("负责角色", "Owner", "对本文件负责的角色。", "The role that answers for this document."),
        "organisation": _of(
            "组织", "Organisation", "所属的角色文件（roles/组织.yaml）。", "Which role file it belongs to (roles/ORGANISATION.yaml)."
        ),
        "source": _of("依据", "Source", "所落实的书面规程条款。", "The clauses of the written procedures that this carries out."),
        "left_out": _of("不落实的条款", "Left out", "有意不落实的条款及理由。", "Clauses that are not carried out, and why."),
        "calendar": _of(
            "日历", "Calendar", "时限所用的工作日历，也决定日期的时区。", "The working calendar of the clocks, and the zone of dates."
        ),
        "number": _of(
            "编号格式", "Number", '如 "WX{yy}-{seq:06}"，须加引号。', 'How cases are numbered, such as "WX{yy}-{seq:06}", in quotes.'
        ),
        "subject": _of("服务对象", "Subject", "工单所服务的设备或车辆。", "The thing a case is about: a device, a vehicle."),
        "Subject.kind": _of("种类", "Kind", "同种同号的工单互相关联。", "Cases of the same kind and key find each other."),
        "Subject.key": _of("识别字段", "Key", "识别它的字段，如串号。", "The field that identifies it, such as the IMEI."),
        "summary": _of(
            "摘要",
            "Summary",
            "列表和看板卡片上显示的字段，最多四个，不含个人信息。",
            "The fields that lists and cards show of a case: four at most, nothing personal.",
        ),
        "undo": _of(
            "撤销",
            "Undo",
            "本人多久之内可撤销刚做的步骤，如 10m；步骤上写 no 表示不可撤销。",
            "For how long its performer may take the newest step back, such as 10m; on a step: no.",
        ),
        "parties": _of(
            "外部人员", "Parties", "客户等外部人员，以及用哪些字段联系。", "Outside persons, and which fields name and reach them."
        ),
        "Party.name": _of("姓名字段", "Name"),
        "Party.mobile": _of("手机字段", "Mobile"),
        "Party.email": _of("邮箱字段", "E-mail"),
        "fields": _of("字段", "Fields", "工单上的数据，逐项写明类型。", "The data of a case, each with its type."),
        "start": _of("受理方式", "Start", "开单的步骤。", "The ways to open a case."),
        "states": _of("状态", "States", "工单停留的地方，以及从那里出发的步骤。", "Where a case rests, and the steps that lead on."),
        "anywhere": _of(
            "多状态步骤", "Anywhere", "可在多个状态执行的步骤，如取消、换人。", "Steps out of many states, such as cancelling."
        ),
        "clocks": _of("时限", "Clocks", "计时规则和提醒阶梯。", "Stop-watches with their ladders of reminders."),
        "ladders": _of("共用提醒阶梯", "Shared ladders", "供多个时限引用。", "Named, for several clocks."),
        "include": _of("引入", "Include", "引入共用的字段、选项、阶梯和外部人员。", "Shared fields, choices, ladders and parties."),
        "extends": _of(
            "基础流程", "Extends", "在此流程上只写不同之处。", "The workflow of which this is a variant: only the differences are written."
        ),
        "except_scenarios": _of(
            "不适用的场景",
            "Scenarios left out",
            "不适用于本变体的基础场景及理由。",
            "Scenarios of the base that do not hold here, and why.",
        ),
        "scenario": _of("场景", "Scenario", "场景的名称，中文或英文。", "Its name, in either language."),
        "clause": _of("条款", "Clause"),
        "why": _of("理由", "Why"),
        # A field
        "type": _of("类型", "Type"),
        "personal": _of(
            "个人信息", "Personal", "与历史分开保存，列表和消息中遮盖，可删除。", "Kept apart from the history, masked, can be erased."
        ),
        "pattern": _of("格式", "Pattern", "仅文本：整个值须匹配的正则表达式。", "text only: a regular expression for the whole value."),
        "lines": _of("行数", "Lines", "仅文本：输入框高度。", "text only: the height of the input."),
        "min": _of("下限", "Minimum", "最小的值；附件为最少个数。", "The smallest value; of files: how many there must be."),
        "max": _of("上限", "Maximum"),
        "currency": _of("币种", "Currency", "仅金额：如 CNY。", "money only: such as CNY."),
        "choices": _of("选项", "Choices", "仅选项：标识 → 名称，按显示顺序。", "choice only: id → label, in the order shown."),
        "role": _of("角色", "Role", "仅人员：须是此角色的担任者。", "person, people only: chosen among its holders."),
        "unique": _of(
            "唯一", "Unique", "open：未结工单中唯一；ever：永远唯一。", "No other open (open), or any (ever), case has this value."
        ),
        "computed": _of("计算值", "Computed", "由表达式得出，不填写。", "Calculated, never asked."),
        "of": _of("列", "Columns", "仅明细：各列。", "list only: its columns."),
        "Field.key": _of("区分列", "Key", "仅明细：合起来区分各行的列。", "list only: the columns that tell its rows apart."),
        "Field.rows": _of("行数限制", "Rows", "仅明细：最少、最多几行。", "list only: how few and how many."),
        "like": _of("列同于", "Like", "仅明细：与另一明细列相同。", "list only: has the columns of another list."),
        "Field.workflow": _of("关联流程", "Workflow", "仅关联工单：属于哪个流程。", "case only: of which workflow."),
        "size": _of("大小", "Size", "仅附件：每个最大多少，如 10MB。", "file, files only: the largest, such as 10MB."),
        "accept": _of("文件种类", "Accept", "仅附件：接受哪些种类。", "file, files only: which kinds of content."),
        "count": _of("个数", "Count", "仅多附件：最多几个。", "files only: how many at most."),
        # A step
        "by": _of(
            "由谁",
            "By",
            "角色、人员字段、外部人员、assignee、integration、system、parent。",
            "Roles, person fields, parties, assignee, integration, system, parent.",
        ),
        "not_by": _of("不得由", "Not by", "执行过某步骤的人、人员字段、角色。", "Whoever performed a step, person fields, roles."),
        "asks": _of(
            "填写", "Asks", "要填的字段；加 ? 表示可空，空则清空原值。", "Fields to fill; with ? it may be left empty, which empties it."
        ),
        "shows": _of("显示", "Shows", "只读显示的字段。", "Fields shown beside the form."),
        "requires": _of("条件", "Requires", "逐行判断，不满足即拒绝并说明。", "Every line must hold; each that does not is shown."),
        "that": _of("条件", "That", "须为真的表达式。", "What must be true."),
        "say": _of("说明", "Say", "不满足时显示的话。", "Shown when it is not."),
        "reason": _of("理由", "Reason", "required：须写明理由。", "required: the person must say why."),
        "set": _of(
            "赋值", "Set", "步骤写入的值；右边看到的是赋值之前的值。", "Values given by the step; the right-hand sides see those before it."
        ),
        "clears": _of("清空", "Clears", "清空的字段。", "Fields that are emptied."),
        "assign": _of(
            "派单",
            "Assign",
            "此后由谁承办：人员字段、actor、nobody 或角色中的一人。",
            "Who holds the case from here on: a person field, actor, nobody, or one of a role.",
        ),
        "when": _of(
            "当", "When", "为真才适用；系统步骤为真即自动执行。", "Only while this is true; a system step is performed as soon as it is."
        ),
        "approvals": _of("会签", "Approvals", "须由几人签署。", "How many must sign."),
        "starts": _of("开子工单", "Starts", "此步骤另开的工单。", "Cases of other workflows that the step opens."),
        "notify": _of("通知", "Notify", "步骤记录后通知谁。", "Who is told once it is recorded."),
        "event": _of(
            "外部事件", "Event", "由外部程序的事件执行此步骤（integration）。", "Performed by an event of another program, as integration."
        ),
        "Event.name": _of("事件名", "Name", "小写英文词，用点连接。", "Lower-case words joined by dots."),
        "match": _of("匹配", "Match", "消息的键 → 字段：值相同的未结工单。", "key of the message → field of the open case that holds it."),
        "fills": _of("填入", "Fills", "所问字段 → 消息的键。", "field that is asked for → key of the message."),
        "emit": _of("对外发出", "Emit", "步骤记录后告知外部程序。", "What other programs are told once it is recorded."),
        "Emit.name": _of("事件名", "Name", "小写英文词，用点连接。", "Lower-case words joined by dots."),
        "Emit.fields": _of("字段", "Fields", "一同发出的字段；个人信息也须逐个写明。", "What goes with it; personal fields too are named."),
        "to": _of("去向", "To", "目标状态、stay，或按情形取值。", "A state, stay, or a value by cases."),
        "in": _of("限于", "In", "在这些状态可用。", "In these states."),
        "RoleAnywhere.in": _of("单位", "In", "any：不论在哪个单位担任。", "any: whatever unit it is held in."),
        "except": _of("除", "Except", "在其余未结状态可用。", "In all open states but these."),
        "rows": _of("明细", "Rows", "明细字段。", "The list field."),
        "columns": _of("列", "Columns", "每行要填的列。", "The cells to fill in every row."),
        "add": _of("可加行", "Add", "可新增行。", "New rows too."),
        "whole": _of("整表", "Whole", "所填的行取代整个明细。", "The rows that are given replace the list."),
        "pick": _of(
            "选法", "Pick", "least_open：在办最少者；in_turn：轮流。", "least_open: who has least to do; in_turn: one after the other."
        ),
        "at_least": _of("至少", "At least", "几名不同的人。", "So many different persons."),
        "each_of": _of("各一", "Each of", "这些角色各签一人。", "One of each of these roles."),
        # Values by cases
        "When.when": _of("当", "When"),
        "then": _of("则", "Then"),
        "else": _of("否则", "Else", "以上都不成立时。", "When none of the others holds."),
        "field": _of("按字段", "Field", "按哪个选项字段取值。", "The choice field that decides."),
        "is": _of("取值", "Is", "每个选项一个值。", "One value for each choice."),
        # Children
        "Starts.workflow": _of("流程", "Workflow", "开哪个流程的工单。", "Of which workflow."),
        "Starts.start": _of("受理方式", "Start", "子流程的哪种受理方式。", "Which start of the child."),
        "as": _of("别名", "As", "本文件中称呼这些子工单的名字。", "The name under which this document reads its children."),
        "for_each": _of("每行一单", "For each", "明细每行开一单。", "One for each row of a list."),
        "where": _of("限于", "Where", "只对满足条件的行。", "Only for rows for which this holds."),
        "with": _of("内容", "With", "传去的值。", "What is handed over."),
        "returns": _of("带回", "Returns", "结束时带回的字段。", "Fields handed back at its end."),
        "at_end": _of(
            "上级结束时",
            "At end",
            "wait 须先结束；leave 继续；cancel(步骤) 取消。",
            "wait: it must end first; leave: it lives on; cancel(step).",
        ),
        # A state
        "phase": _of("阶段", "Phase", "供看板和报表跨流程比较。", "So that boards and reports compare across processes."),
        "waits_on": _of("等待", "Waits on", "客户、备件或第三方。", "The customer, parts or a third party."),
        "final": _of("结束", "Final", "结束状态及结果。", "The case ends here, and how."),
        "transitions": _of("步骤", "Transitions", "从此状态出发的步骤。", "The steps out of this state."),
        # Clocks and messages
        "runs_in": _of("计时状态", "Runs in", "在这些状态计时。", "Where it counts."),
        "until": _of("直到步骤", "Until", "从开单计到这些步骤之一。", "From the opening until the first of these steps."),
        "from": _of("起算字段", "From", "从此日期起算。", "Counts from the date in this field."),
        "limit": _of("时限", "Limit", "如 4wh、3d；wh 工作小时，wd 工作日。", "Such as 4wh, 3d; wh working hours, wd working days."),
        "due": _of("到期字段", "Due", "此日期优先于时限。", "This date wins over the limit."),
        "pauses": _of("暂停状态", "Pauses", "在这些状态暂停本时限。", "Where this clock is paused."),
        "restart": _of("重新起算", "Restart", "never、on_entry、any_step 或步骤。", "never, on_entry, any_step, or steps."),
        "legal": _of("法定", "Legal", "无人可暂停、改动或删除。", "Nobody can pause, move or remove it."),
        "ladder": _of("提醒阶梯", "Ladder", "逐级提醒，或共用阶梯的名字。", "The reminders, or the name of a shared ladder."),
        "Rung.at": _of("时点", "At", "如 75%、due、due + 1wd。", "Such as 75%, due, due + 1wd."),
        "fire": _of("触发步骤", "Fire", "由系统执行的步骤。", "The step that the system performs."),
        "every": _of("重复", "Every", "每隔多久重复。", "Repeated after each such period."),
        "times": _of("次数", "Times", "共几次。", "How often in all."),
        "late": _of("错过时", "Late", "send 照发、merge 合并、skip 略过。", "When missed: send, merge or skip."),
        "tell": _of("通知谁", "Tell", "角色、人员字段、外部人员、assignee。", "Roles, person fields, parties, assignee."),
        "template": _of("模板", "Template", "消息模板。", "The message template."),
        # Scenarios
        "people": _of("人员", "People", "场景中的人及其角色。", "Who appears, and what they hold."),
        "units": _of("单位", "Units", "单位及其上级。", "Units, and what is above each."),
        "unit": _of("单位", "Unit"),
        "scenarios": _of("场景", "Scenarios", "逐步讲述的故事及期望。", "Stories, step by step, with what is expected."),
        "unnoticed": _of("无须发现", "Unnoticed", "场景不必发现的变异及理由。", "Changed rules that no story need notice, and why."),
        "change": _of("变异", "Change", "变异测试给出的名称。", "The name that the mutation test gives it."),
        "Scenario.name": _of("场景名", "Name"),
        "at": _of("起始时刻", "At", '如 "2026-09-28 09:00"。', 'Such as "2026-09-28 09:00".'),
        "starting_in": _of("中途开始", "Starting in", "从某状态开始，须能到达。", "Begins in the middle; checked to be reachable."),
        "earlier": _of("以前的工单", "Earlier", "同一设备以前的工单。", "Other cases of the same subject."),
        "taken": _of("已占用的值", "Taken", "其他工单已有的唯一值。", "Unique values that other cases have."),
        "steps": _of("步骤", "Steps"),
        "state": _of("状态", "State"),
        "outcome": _of("结果", "Outcome"),
        "assignee": _of("承办人", "Assignee", "人员，或 nobody。", "A person, or nobody."),
        "done": _of("已执行", "Done", "此前执行过的步骤。", "Steps performed before."),
        "opened_at": _of("开单时刻", "Opened at"),
        "ended_at": _of("结束时刻", "Ended at"),
        "expect": _of("期望", "Expect", "步骤之后应当如何。", "What must be so afterwards."),
        "refused": _of("拒绝", "Refused", "应被拒绝的原因代码。", "The codes of the expected refusal."),
        "because": _of("因为", "Because", "拒绝理由应含的字。", "Words that its reasons must contain."),
        "child": _of("子工单", "Child", "此步骤属于该别名下最新的子工单。", "A step of the newest child under this alias."),
        "do": _of("执行", "Do", "执行的步骤。", "The step that is performed."),
        "Happens.event": _of("外部事件", "Event", "外部程序告知的事件。", "What another program says has happened."),
        "Happens.with": _of("消息", "With", "消息的内容：键 → 值。", "The message: key → value."),
        "Moment.by": _of(
            "由谁", "By", "场景中的人、外部人员、integration 或 parent。", "A person of the story, a party, integration or parent."
        ),
        "Moment.undo": _of("撤销步骤", "Undo"),
        "Moment.reason": _of("理由", "Reason"),
        "Moment.assign": _of("交给", "Assign"),
        "sampled": _of("抽中", "Sampled", "本步骤 sampled(n) 的结果。", "What sampled(n) says."),
        "withdraw": _of("撤回签署", "Withdraw"),
        "correct": _of("更正", "Correct", "更正的字段和值。", "The values that are mended."),
        "wait": _of("等待", "Wait", "如 5wh。", "So much time passes, such as 5wh."),
        "Until.until": _of("直到", "Until", "时间推进到此刻。", "Time passes until then."),
        "leaves": _of("离职", "Leaves", "此人离开，不能再操作。", "This person has left for good."),
        "away": _of("不在岗", "Away", "此人暂时不在。", "This person is not there."),
        "back": _of("回来", "Back"),
        "stands_in": _of("代理人", "Stands in"),
        "for": _of("代谁", "For"),
        "ends": _of("结束于", "Ends", "子工单在此状态结束，过程不演。", "The child ends in this state, its steps unseen."),
        "told": _of("通知了谁", "Told", "本步骤恰好通知了这些人。", "Exactly these were told."),
        "Expectation.due": _of("到期", "Due", "时限 → 到期时刻，或 none。", "clock → when it is due, or none."),
        "running": _of("计时中", "Running", "恰好这些时限在走。", "Exactly these clocks run."),
        "paused": _of("暂停中", "Paused", "恰好这些时限暂停。", "Exactly these clocks are paused."),
        "Expectation.approvals": _of("签署数", "Approvals", "步骤 → 已签人数。", "step → how many have signed."),
        "opened": _of("已开子工单", "Opened", "别名 → 共几单。", "alias → how many cases."),
        "children": _of("子工单状态", "Children", "别名 → 最新一单的状态。", "alias → the state of the newest."),
        "Expectation.parent": _of("上级状态", "Parent", "上级工单此后的状态。", "The state of the parent afterwards."),
        "incidents": _of("异常", "Incidents", "恰好新开了这些异常。", "Exactly these were opened."),
        "emitted": _of("对外发出", "Emitted", "恰好发出了这些事件。", "Exactly these events were given out."),
        # Written procedures
        "procedures": _of("规程", "Procedures", "部门的标识。", "The id of the department."),
        "positions": _of("岗位", "Positions", "角色的 source 所指。", "What the source of a role names."),
        "flows": _of("流程条款", "Flows", "各项规程及其要求。", "What each procedure demands."),
        "forms": _of("单据", "Forms", "表单、台账和报表。", "Sheets, registers and reports."),
        "rules": _of("规则", "Rules", "处处适用的规则。", "What holds wherever it applies."),
        "Procedure.steps": _of("步骤", "Steps"),
        "Procedure.approvals": _of("审批", "Approvals", "其中属于审批的步骤。", "Those of its steps that approve."),
        "records": _of("记录", "Records", "须记录的内容。", "What is to be written down."),
        "reminders": _of("提醒", "Reminders"),
        "kind": _of("种类", "Kind"),
        "used_in": _of("用于", "Used in"),
        "applies_to": _of("适用于", "Applies to"),
        # Calendars, roles, people
        "zone": _of("时区", "Zone", "如 Asia/Shanghai。", "Such as Asia/Shanghai."),
        "official": _of(
            "法定节假日", "Official", "按哪国的节假日和调休，如 CN。", "The country whose holidays and make-up days it follows."
        ),
        "shifts": _of("班次", "Shifts", "命名的时段。", "Named hours."),
        "week": _of("一周", "Week", "各工作日的时段。", "The hours of the week."),
        "make_up": _of("调休上班", "Make-up day", "调休上班日的时段。", "The hours of a make-up working day."),
        "dates": _of("特定日期", "Dates", "某些日期的时段，优先于其他。", "The hours of single dates; they win."),
        "closures": _of("停业", "Closures", "自己的休业日。", "Closed on these days."),
        "roll": _of("顺延", "Roll", "末日遇此类日子时顺延。", "Which kind of last day moves a period."),
        "quiet": _of("免打扰", "Quiet", "如 21:00-08:00。", "Nobody is told anything: 21:00-08:00."),
        "first": _of("首日", "First day"),
        "last": _of("末日", "Last day"),
        "country": _of("国家", "Country"),
        "years": _of("年份", "Years"),
        "off": _of("放假", "Off", "放假的日子。", "Public holidays."),
        "work": _of("调休上班", "Work", "调休上班的日子。", "Make-up working days."),
        "roles": _of("角色", "Roles"),
        "external": _of("外部角色", "External", "不属于本部门者。", "No members of the department."),
        "apart": _of("互斥角色", "Apart", "一人不得兼任的两个角色。", "Never both held by one person."),
        "reports_to": _of("上级角色", "Reports to"),
        "above": _of("上级单位", "Above"),
        "name": _of("姓名", "Name"),
        "email": _of("邮箱", "E-mail"),
        "holds": _of("担任", "Holds"),
        "service": _of("外部程序", "Service", "是另一个程序，不是人。", "Another program, not a human being."),
        "since": _of("首日", "Since"),
        "Holding.until": _of("末日", "Until"),
    }
)
