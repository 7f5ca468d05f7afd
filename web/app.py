"""The web application: its paths, and what happens to errors on their way out."""

from __future__ import annotations

from fastapi import Depends, FastAPI

from engine.app import Application
from engine.runtime.budget import Budget
from web.api import (
    assignment,
    cases,
    comments,
    corrections,
    definitions,
    disclosures,
    events,
    files,
    incidents,
    me,
    openings,
    options,
    organisation,
    outbox,
    overdue,
    people,
    plans,
    settling,
    subjects,
    transitions,
    undo,
    withdrawals,
    workflows,
)
from web.body import Bodies
from web.checking import Checker
from web.console.browser.guard import Envelope, Guard
from web.console.console import show_console
from web.documentation import DESCRIPTION, TAGS, Documented, operation_id
from web.failing import answer_failures
from web.gate import Gate
from web.limits import USUAL, Limits
from web.logs import Log, Silence
from web.observing import observe
from web.route import API
from web.strict import only_known_parameters

NOUNS = (
    transitions,
    me,
    workflows,
    cases,
    options,
    subjects,
    overdue,
    openings,
    corrections,
    comments,
    disclosures,
    assignment,
    undo,
    withdrawals,
    files,
    plans,
    people,
    organisation,
    outbox,
    incidents,
    settling,
    events,
    definitions,
)
"""What the API knows, each a module with its paths, which are looked through in this order: what is asked most comes first."""


def build(application: Application, log: Log | None = None, limits: Limits = USUAL) -> FastAPI:
    """The web application that serves this application; it does not close it. `log`: where it writes down what it does."""
    app = Documented(
        title="Aftercare",
        version="1",
        description=DESCRIPTION,
        openapi_tags=[*TAGS],
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # a path is there or not; behind a proxy a redirect would name an address of the inside
        generate_unique_id_function=operation_id,
    )
    app.state.application, app.state.checker = application, Checker()
    app.state.vain, app.state.sources, app.state.reports = Budget(limits.vain), Budget(limits.per_source), Budget(limits.reports)
    app.state.log = log or Silence()
    for each in NOUNS:
        app.include_router(each.router, prefix=API, dependencies=[Depends(only_known_parameters)])

    show_console(app, application)
    answer_failures(app)
    app.add_middleware(Bodies, limits=limits)
    app.add_middleware(Guard)
    app.add_middleware(Gate, limits=limits)
    observe(app, application, app.state.log)
    app.add_middleware(Envelope)
    return app
