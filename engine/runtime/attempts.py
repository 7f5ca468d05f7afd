"""What every attempt of a delivery to an endpoint came to, for whoever looks after it or talks with its receiver."""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import Unknown
from engine.label import Label
from engine.runtime.access import OPERATOR, Access
from engine.runtime.catalog import Catalog
from engine.runtime.messages import MessagePage
from engine.store import attempts, deliveries
from engine.store.attempts import Attempt
from engine.store.database import Database


class Attempts:
    """Serves one database; safe to share between threads."""

    def __init__(self, database: Database, catalog: Catalog) -> None:
        self._database = database
        self._catalog = catalog

    def of(self, delivery: str, access: Access = OPERATOR) -> tuple[Attempt, ...]:
        """The attempts of the delivery with this id, oldest first, as far as they are kept.

        Raises Unknown for one that is not there, or is about a case that he does not look after; Forbidden for whoever looks after none.
        """
        oversight = access.oversight(self._catalog.owners)
        with self._database.read() as reader:
            listed = deliveries.by_id(reader, delivery)
            record = reader.case(listed.number) if listed is not None else None
            if record is None or not oversight.covers(record.case.workflow, record.case.unit):
                raise Unknown(
                    Label("没有投递“{id}”。", "There is no delivery “{id}”.").fill(id=delivery),
                    Label("编号见“aftercare messages --json”。", "Ids are shown by “aftercare messages --json”."),
                )
            return attempts.of(reader, [delivery]).get(delivery, ())

    def on(self, page: MessagePage) -> Mapping[str, tuple[Attempt, ...]]:
        """id of a delivery → its attempts, of all that stand on a page."""
        with self._database.read() as reader:
            return attempts.of(reader, [made.delivery.id for line in page.lines for made in line.deliveries])
