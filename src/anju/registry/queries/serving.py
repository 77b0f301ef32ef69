"""Who serves which compound from when, as a list tells it before and after it is written, beside what held until now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from anju.base.actor import Actor
from anju.places.models import Organisation
from anju.registry.models import CompanyName, ImportRow, ServiceTerm
from anju.registry.queries.companies import open_terms
from anju.rules.lists.names import name_key
from anju.rules.lists.readings import Moment
from anju.rules.lists.stored import Stored, restore


@dataclass(frozen=True, slots=True)
class Serving:
    """What one row tells: the company as the list writes it, `company` where a person has said which it is, and from when.

    `began`: the row's own day, month or year of taking over. Without one the company is known to serve since `known_on`, the day the row
    is true of. `now`: who serves the compound as things stand, None where nobody is known to.
    """

    name: str
    company: Organisation | None
    began: Moment | None
    known_on: date
    manager: str
    now: ServiceTerm | None

    @property
    def replaces(self) -> ServiceTerm | None:
        """Return the term that this telling would end: of another company, known from an earlier day."""
        if self.now is None or self.company is None or self.now.company_id == self.company.pk:
            return None
        return self.now if self.now.known_on < self.known_on else None


def serving_in(actor: Actor, rows: Collection[ImportRow], observed_on: date) -> dict[int, Serving]:
    """Return what some rows of an import say of service, by their lines: two queries, whatever the rows."""
    told = {row.line: cells for row in rows if (cells := _cells(row)).get("service", [""] * 5)[4]}
    settled = {
        row.key: row.organisation
        for row in CompanyName.objects.filter(organisation__isnull=False).select_related("organisation")
    }
    terms = {
        term.compound_id: term
        for term in open_terms(actor).filter(compound__in={row.compound_id for row in rows if row.compound_id})
    }
    return {
        row.line: Serving(
            name=told[row.line]["service"][4],
            company=settled.get(name_key(told[row.line]["service"][4])),
            began=_moment(told[row.line].get("taken_over_on")),
            known_on=_known_on(row, observed_on),
            manager=told[row.line].get("manager", [""] * 5)[4],
            now=terms.get(row.compound_id or 0),
        )
        for row in rows
        if row.line in told
    }


def _cells(row: ImportRow) -> dict[str, list[Any]]:
    return {cell[0]: cell for cell in row.cells}


def _moment(cell: list[Any] | None) -> Moment | None:
    value = restore(Stored(*cell[2:7]), "date") if cell else None
    return value if isinstance(value, Moment) else None


def _known_on(row: ImportRow, observed_on: date) -> date:
    own = date.fromisoformat(row.told["observed_on"]) if "observed_on" in row.told else observed_on
    return min(own, observed_on)
