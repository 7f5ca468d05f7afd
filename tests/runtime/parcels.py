"""Parcels whose courier tells what becomes of them: a small process that events perform, two sources, and what they send."""

from __future__ import annotations

import json
from typing import Any

from engine.core.command import Fire, OpenCase
from engine.runtime import staffing
from engine.runtime.inbound import Received
from engine.runtime.publishing import publish
from engine.runtime.sources import Wish
from engine.store.inbound import InboundEvent
from notifications.envelope import STANDARD, Arrival
from notifications.signature import Standard
from tests.runtime.company import PEOPLE, ZONE, Company, caller, checked, granted, people_file, registry

WORKFLOW = "desk-parcel"
DOCUMENT = """
workflow: desk-parcel
version: 1
title: {zh: 返修包裹, en: Parcel}
owner: desk-supervisor
organisation: desk
number: "DP{yy}-{seq:04}"
fields:
  waybill: {type: text, title: {zh: 运单号, en: Waybill}, unique: open}
  mobile:  {type: phone, title: {zh: 手机号, en: Mobile}, personal: true}
  weight:  {type: decimal, title: {zh: 重量, en: Weight}}
  arrived: {type: datetime, title: {zh: 签收时间, en: Arrived at}}
  signer:  {type: text, title: {zh: 签收人, en: Signed by}, personal: true}
start:
  send:
    title: {zh: 寄出, en: Send}
    by: [desk-clerk, integration]
    asks: [waybill, mobile, weight?]
    to: on_the_way
  announce:
    title: {zh: 揽收, en: Announce}
    by: integration
    asks: [waybill, mobile]
    event: {name: waybill.announced, fills: {waybill: no, mobile: tel}}
    to: on_the_way
states:
  on_the_way:
    title: {zh: 运输中, en: On the way}
    transitions:
      arrive:
        title: {zh: 签收, en: Arrive}
        by: [desk-clerk, integration]
        asks: [arrived, signer?]
        event: {name: waybill.signed, match: {no: waybill}, fills: {arrived: at, signer: by.name}}
        requires: [{that: weight is not set or weight < 30, say: {zh: 超重包裹须人工签收, en: A heavy parcel is for a person}}]
        to: here
      sort:
        title: {zh: 分拣, en: Sort}
        by: integration
        event: {name: waybill.sorted, match: {no: waybill}}
        to: stay
      redirect:
        title: {zh: 改投, en: Redirect}
        by: integration
        event: {name: waybill.sorted, match: {tel: mobile}}
        to: stay
      call:
        title: {zh: 来电, en: Call}
        by: integration
        event: {name: phone.rang, match: {tel: mobile}}
        to: stay
  here:
    title: {zh: 已签收, en: Here}
    transitions:
      hand_over: {title: {zh: 交付, en: Hand over}, by: desk-clerk, to: closed}
      weigh:
        title: {zh: 复称, en: Weigh}
        by: integration
        asks: weight
        event: {name: waybill.weighed, match: {no: waybill}, fills: {weight: kg}}
        to: stay
  closed: {title: {zh: 已结, en: Closed}, final: success}
"""
WAYBILL, MOBILE, AT = "SF0000000001", "12800000001", "2026-09-28 09:00"
SERVICES = """  courier: {name: 样例快递对接01, service: true, holds: [{role: integration, unit: shop-1}]}
  clockwork: {name: 样例快递对接02, service: true}
"""


def begin(company: Company, document: str = DOCUMENT) -> None:
    """The process, the services of two couriers – one of them without any role – and their sources."""
    now = company.app.time.now()
    publish(company.app.database, [checked(document)], "os:owner", now)
    staffing.load(company.app.database, registry(), people_file(PEOPLE + SERVICES), at=now, by="os:owner", zone=ZONE)
    for service in ("courier", "clockwork"):
        company.app.sources.add(Wish(service, service, Standard(), STANDARD), by="os:owner")


def sent(company: Company, person: str = "cai", **data: Any) -> str:
    """A parcel that a person has sent; its number."""
    data = {"waybill": WAYBILL, "mobile": MOBILE, "weight": "2.5", **data}
    return granted(company.app.cases.open(WORKFLOW, OpenCase("send", data), caller(person))).outcome.number


def happens(company: Company, id: str, name: str, source: str = "courier", **data: object) -> Received:
    """An event comes in."""
    return company.app.inbound.receive(source, Arrival(id, name, json.dumps({"type": name, "data": data}, ensure_ascii=False)))


def signs(company: Company, id: str = "e-1", no: str = WAYBILL, source: str = "courier", **data: object) -> Received:
    """The courier says that a parcel was signed for."""
    return happens(company, id, "waybill.signed", source, no=no, at=AT, **data)


def fire(company: Company, number: str, step: str, person: str = "cai", **data: object) -> None:
    """A person moves a parcel on."""
    granted(company.app.cases.handle(number, Fire(step, data), caller(person)))


def standing(company: Company, id: str, source: str = "courier") -> InboundEvent:
    """What became of an event."""
    return company.app.inbound.show(source, id).event
