"""One row of the worklist as plain text: what stands in it decides how it is drawn."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the worklist, as `parts/work.html` reads it."""

    due: str
    due_state: str
    kind: str
    title: str
    url: str
    place: str
    other: str
    act: str
    act_url: str
