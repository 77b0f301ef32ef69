"""The sections of a record's page. The page shows what is listed here and knows none of it: a later app adds one line."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from django.utils.module_loading import import_string

from anju.places.models import Compound, Organisation
from anju.web.doors import ActorRequest

Row = TypeVar("Row", Compound, Organisation)

# Dotted paths of functions `(request, row) -> sections`, in the order in which their sections stand.
COMPOUND_SECTIONS: tuple[str, ...] = (
    "anju.web.registry.compound.sections",
    "anju.web.cases.beside.sections",
    "anju.web.places.records.compound_sections",
)
ORGANISATION_SECTIONS: tuple[str, ...] = (
    "anju.web.registry.organisation.sections",
    "anju.web.places.records.organisation_sections",
)


@dataclass(frozen=True, slots=True)
class Section:
    """One section: a template that is given `section`, whose `values` it shows.

    `tab` is its word in the row of tabs, "" for none; `rail`: it stands at the side; `lead`: what it adds to the line under the title;
    `acts`: its buttons of the page's head as label, url and whether primary; `drawer`: the template of what it opens at the right.
    """

    id: str
    template: str
    values: dict[str, Any] = field(default_factory=dict)
    tab: str = ""
    count: str = ""
    rail: bool = False
    lead: str = ""
    acts: tuple[tuple[str, str, bool], ...] = ()
    drawer: str = ""


Builder = Callable[[ActorRequest, Any], Iterable[Section]]


def sections_of(request: ActorRequest, row: Compound | Organisation) -> list[Section]:
    paths = COMPOUND_SECTIONS if isinstance(row, Compound) else ORGANISATION_SECTIONS
    return [section for build in _builders(paths) for section in build(request, row)]


@cache
def _builders(paths: Sequence[str]) -> list[Builder]:
    return [import_string(path) for path in paths]


def record_context(sections: Sequence[Section]) -> dict[str, Any]:
    """Return what `places/record.html` shows of the sections."""
    first = next((one for one in sections if one.tab), None)
    return {
        "main_sections": [one for one in sections if not one.rail],
        "rail_sections": [one for one in sections if one.rail],
        "drawers": [one for one in sections if one.drawer],
        "tabs": [
            {"label": one.tab, "url": f"#{one.id}", "count": one.count, "current": one is first}
            for one in sections
            if one.tab
        ],
        "acts": [
            {"label": label, "url": url, "primary": primary} for one in sections for label, url, primary in one.acts
        ],
    }
