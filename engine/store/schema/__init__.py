"""All tables, their keys and their few indexes. What each index is for stands beside it; every further one costs every write."""

from engine.store.schema.access import inbound, sources, tokens
from engine.store.schema.account import failures, passwords, sessions
from engine.store.schema.case import COMMENT, FOUND_BY, cases, claims, firings, history, personal, timers
from engine.store.schema.column import metadata
from engine.store.schema.definition import STAFF_VERSION, counters, definitions, meta, official_years, requests
from engine.store.schema.message import attempts, deliveries, endpoints, incidents, outbox
from engine.store.schema.staff import absences, assignments, delegations, people, turns, units
from engine.store.schema.work import errands, files, plan_lines, plans

VERSION = "0005"
"""The newest migration; the version of the tables. Zero-padded, so that versions compare as text."""

__all__ = [
    "COMMENT",
    "FOUND_BY",
    "STAFF_VERSION",
    "VERSION",
    "absences",
    "assignments",
    "attempts",
    "cases",
    "claims",
    "counters",
    "definitions",
    "delegations",
    "deliveries",
    "endpoints",
    "errands",
    "failures",
    "files",
    "firings",
    "history",
    "inbound",
    "incidents",
    "meta",
    "metadata",
    "official_years",
    "outbox",
    "passwords",
    "people",
    "personal",
    "plan_lines",
    "plans",
    "requests",
    "sessions",
    "sources",
    "timers",
    "tokens",
    "turns",
    "units",
]
