"""What is personal in a case is shown to whom it is disclosed, and masked in every view for everybody else who sees it."""

from __future__ import annotations

import json
from functools import partial

import pytest

from engine.core.command import Correct, Disclose, Fire, OpenCase
from engine.core.kind import Attachment
from engine.errors import Forbidden
from engine.representation.case import of_case, of_page
from engine.representation.disclosure import of_disclosure
from engine.representation.history import of_history
from engine.representation.step import of_options, of_refusal, of_why
from engine.runtime import staffing
from engine.runtime.access import Access
from engine.runtime.attachment import held
from engine.runtime.disclosing import Disclosure, disclose
from engine.runtime.publishing import publish
from engine.store import files
from engine.store.cases import Filter
from roles.scope import Identity
from tests.runtime.company import START, ZONE, Company, caller, checked, granted, people_file, refused, registry, unseen

VISIT = """
workflow: desk-visit
version: 1
title: {zh: 上门, en: Visit}
owner: desk-supervisor
organisation: desk
number: "DV{yy}-{seq:04}"
fields:
  customer: {type: text, title: {zh: 客户姓名, en: Customer}, personal: true}
  mobile:   {type: phone, title: {zh: 手机号, en: Mobile}, personal: true}
  email:    {type: email, title: {zh: 电子邮箱, en: E-mail}, personal: true}
  address:  {type: text, title: {zh: 地址, en: Address}, personal: true, lines: 2}
  born:     {type: date, title: {zh: 生日, en: Born}, personal: true}
  owed:     {type: money, title: {zh: 欠款, en: Owed}, currency: CNY, personal: true}
  proof:    {type: file, title: {zh: 凭证, en: Proof}, personal: true}
  photo:    {type: file, title: {zh: 照片, en: Photo}}
  symptom:  {type: text, title: {zh: 故障现象, en: Symptom}}
  called:   {type: text, title: {zh: 称呼, en: Called}, personal: true, computed: customer}
start:
  ask:
    title: {zh: 预约, en: Ask}
    by: desk-clerk
    asks: [customer, mobile, email, address, born, owed, proof?, photo?, symptom]
    to: asked
states:
  asked:
    title: {zh: 待上门, en: Asked}
    transitions:
      go:
        title: {zh: 上门, en: Go}
        by: desk-repairer
        requires: [{that: owed < 10, say: {zh: 须先结清, en: Must be settled first}}]
        to: gone
  gone:
    title: {zh: 已上门, en: Gone}
    final: success
    transitions: {again: {title: {zh: 重开, en: Again}, by: desk-supervisor, to: asked}}
"""
SECRETS = {
    "customer": "测试客户甲",
    "mobile": "12800000001",
    "email": "tester.one@example.com",
    "address": "样例路 1 号",
    "born": "1991-02-03",
    "owed": "77.25",
}
REMARK = "客户母亲接听"
FILE = "凭证甲.pdf"
CANARIES = (*SECRETS.values(), REMARK, FILE)


def visited(company: Company) -> str:
    """A visit in shop 1, asked for by its clerk, with a remark; a keeper looks on."""
    publish(company.app.database, [checked(VISIT)], "os:owner", START)
    keeper = "people: {kai: {name: 样例仓管01, holds: [{role: desk-keeper, unit: shop-1}]}}"
    staffing.load(company.app.database, registry(), people_file(keeper), at=START, by="os:owner", zone=ZONE)
    with company.app.database.write() as connection:
        proof, photo = (files.put(connection, content, "application/pdf", START) for content in (b"%PDF-1.7 a", b"%PDF-1.7 b"))
    attached = {"proof": Attachment(proof, FILE, 10, "application/pdf"), "photo": Attachment(photo, "外观.pdf", 10, "application/pdf")}
    answer = company.app.cases.open("desk-visit", OpenCase("ask", {**SECRETS, **attached, "symptom": "不制冷"}), caller("cai"))
    number = granted(answer).outcome.number
    granted(company.comment(number, "sun", REMARK))
    return number


def access(company: Company, person: str | None) -> Access:
    return company.app.access(Identity(person) if person is not None else None)


def everything(company: Company, number: str, person: str) -> str:
    """All that the doors tell this one of a case, in one text."""
    app, how_far = company.app, access(company, person)
    view = app.views.case(number, how_far)
    case, found = app.cases.options(number, Identity(person))
    refusal = app.cases.handle(number, Fire("go"), caller(person))
    told = [
        of_case(view, app.views.family(view.case, how_far)),
        of_history(number, app.views.history(number, how_far)),
        of_options(case, found, app.standing.instead(view.definition, case, found)),
        of_why(app.standing.why(number, "go", {}, None, caller(person))),
        of_refusal(refusal, app.standing.who_else(view.definition, case, Fire("go"), refusal)),  # type: ignore[arg-type]  # refused to all
        of_page(app.views.page(Filter(), 9, access=how_far)),
        of_page(app.views.find(SECRETS["mobile"], 9, how_far)),
        [[before.en, each.value.en] for each, before in app.views.changes(view.case, view.case, how_far)],
    ]
    return json.dumps(told, ensure_ascii=False)


def test_to_whom_it_is_not_disclosed_nothing_of_it_is_told_anywhere(company: Company) -> None:
    number = visited(company)
    for person in ("cai", "sun", "kai"):
        assert [each for each in CANARIES if each in everything(company, number, person)] == [], person
    for person in ("rui", "hua"):
        assert [each for each in CANARIES if each not in everything(company, number, person)] == [], person
    for person in ("rao", "cui"):
        assert unseen(partial(everything, company, number, person))


def test_each_kind_has_its_mask_and_says_so(company: Company) -> None:
    number = visited(company)
    told = of_case(company.app.views.case(number, access(company, "cai")), company.app.views.family(company.case(number)))["fields"]
    assert {name: each["value"] for name, each in told.items() if each["masked"]} == {
        "customer": "测**", "called": "测**", "mobile": "128****0001", "email": "t***@example.com", "address": "样**",
        "born": "***", "owed": "***", "proof": "***",
    }  # fmt: skip
    assert all(each["value"] == each["shown"]["zh"] for each in told.values() if each["masked"])
    assert told["symptom"]["value"] == "不制冷"
    remark = company.app.views.history(number, access(company, "cai"))[-1]
    assert (remark.is_masked, remark.text and remark.text.en) == (True, "***")
    assert not any(each.is_masked for each in company.app.views.case(number).fields)


@pytest.mark.parametrize(
    ("text", "person", "is_found"),
    [
        ("12800000001", "cai", True),  # the customer tells it at the counter
        ("12800000001", "kai", True),
        ("000001", "cai", False),
        ("1280000000", "kai", False),
        ("客户甲", "sun", False),
        ("1991-02", "cai", False),
        ("000001", "rui", True),
        ("客户甲", "hua", True),
        ("000001", None, True),
        ("DV26", "kai", True),
        ("12800000001", "rao", False),
        ("客户甲", "rao", False),
    ],
)
def test_a_part_of_what_is_masked_finds_nothing(company: Company, text: str, person: str | None, is_found: bool) -> None:
    number = visited(company)
    found = [each.line.number for each in company.app.views.find(text, 9, access(company, person)).lines]
    assert (number in found) is is_found


def test_a_personal_file_is_handed_out_only_where_it_is_disclosed(company: Company) -> None:
    number = visited(company)
    for person in ("rui", None):
        assert held(company.app.views.case(number, access(company, person)), "proof")[0].name == FILE
    masked = company.app.views.case(number, access(company, "cai"))
    with pytest.raises(Forbidden):
        held(masked, "凭证")
    assert held(masked, "photo")


def test_it_is_read_on_record_once(company: Company) -> None:
    number = visited(company)
    app = company.app
    seen = company.case(number)

    whole = disclose(app.cases, app.views, number, Disclose("回访"), caller("cai"))
    one = disclose(app.cases, app.views, number, Disclose("核对电话", ("mobile",)), caller("sun"))

    assert isinstance(whole, Disclosure)
    assert isinstance(one, Disclosure)
    told = json.dumps(of_disclosure(whole), ensure_ascii=False)
    assert [each for each in CANARIES if each not in told] == []
    assert [each.id for each in one.fields] == ["mobile"]
    assert not one.remarks
    last = app.views.history(number, access(company, "kai"))[-2:]
    assert [(each.entry.kind, each.entry.actor, each.entry.reason, each.text and each.text.en) for each in last] == [
        ("disclosed", "cai", "回访", "all that is personal, and the remarks"),
        ("disclosed", "sun", "核对电话", "Mobile"),
    ]
    assert (company.case(number).revision, company.case(number).seq) == (seen.revision, seen.seq + 2)
    assert [each for each in CANARIES if each in everything(company, number, "cai")] == [], "it is masked again"


def test_who_has_no_part_in_the_process_reads_nothing(company: Company) -> None:
    number = visited(company)
    before = company.tables()
    assert refused(company.app.cases.handle(number, Disclose("好奇"), caller("kai"))) == {"not_authorised"}
    assert refused(company.app.cases.handle(number, Disclose(""), caller("cai"))) == {"data_invalid"}
    assert unseen(lambda: company.app.cases.handle(number, Disclose("好奇"), caller("rao")))
    assert company.tables() == before


def test_who_tries_a_correction_does_not_learn_what_stood_there(company: Company) -> None:
    number = visited(company)
    before = company.case(number)
    tried = granted(company.app.cases.handle(number, Correct({"mobile": "12800000002"}, "写错了"), caller("cai"), dry_run=True))
    assert tried.case is not None
    told = company.app.views.changes(before, tried.case, access(company, "cai"))
    assert [(each.id, old.en, each.value.en) for each, old in told] == [("mobile", "128****0001", "128****0002")]
