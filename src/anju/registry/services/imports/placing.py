"""Holding the rows of a list against the database: which compound each is about, where it belongs, what it changes or contradicts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from anju.base.actor import Actor
from anju.places.models import Compound, Division
from anju.places.queries.scoped import reaches
from anju.registry.models import ImportRow, Indicator, ListImport
from anju.registry.services.imports.choices import act_chosen, cells_chosen, done_with, is_refused, name_of
from anju.registry.services.imports.divisions import Divisions, divisions_around
from anju.registry.services.imports.judging import OF_THE_DATABASE, Staged
from anju.registry.services.imports.known import (
    Before,
    Said,
    done_before,
    index_of,
    links_of,
    names_taken,
    row_key,
    said_of,
)
from anju.rules.coordinates import to_wgs84
from anju.rules.facts import differ
from anju.rules.lists.matching import LIKELY, SAME, Candidate, Described, Index
from anju.rules.lists.names import name_key
from anju.rules.lists.readings import Point
from anju.rules.lists.stored import Stored
from anju.rules.names import MAX_NAME

Act, Verdict = ImportRow.Act, ImportRow.Verdict
_ASKED = OF_THE_DATABASE - {"outside_reach"}  # what a person answers


@dataclass
class Placer:
    """Everything that rows are held against, read once.

    `taken` grows with the names that earlier rows of the list will bear, `claimed` with the compounds that they are linked to, by line.
    `same`: the database is the one of the preview, so that what the same post recognised a row as (`told["met"]`) still holds.
    """

    actor: Actor
    row: ListImport
    divisions: Divisions
    same: bool
    links: Mapping[str, int]
    before: Mapping[int, Before]
    indicators: Mapping[int, Indicator]
    taken: dict[tuple[int, str], int]
    claimed: dict[int, int] = field(default_factory=dict)
    by_code: Mapping[str, Indicator] = field(init=False)

    def __post_init__(self) -> None:
        self.by_code = {one.code: one for one in self.indicators.values()}

    @cached_property
    def _index(self) -> Index:
        """All known compounds: half of the time of a treatment, so not made before a row needs it."""
        return index_of(self.actor, self.divisions.by_id)

    def place(self, rows: Sequence[Staged]) -> None:
        """Settle what becomes of some rows. One query, for the facts of the compounds they are linked to."""
        for row in rows:
            self._settle(row)
        linked = {row.compound for row in rows if row.compound is not None}
        said = said_of(linked, self.indicators) if linked else {}
        for row in rows:
            row.unchanged, row.conflict = self._changes(row, said)

    def _settle(self, row: Staged) -> None:
        offered = [doubt for doubt in row.doubts if doubt[2] == "likely_known"]
        row.doubts = [doubt for doubt in row.doubts if doubt[2] not in OF_THE_DATABASE]
        row.compound, before = None, self.before.get(row.line)
        if before is not None and not row.choice:
            row.choice = done_with(before.choice) if before.written_to else before.choice
        division = self._division(row)
        row.division = division.pk
        if not is_refused(row.doubts, row.choice):
            if reaches(self.actor.scope, division):
                self._recognise(row, before, offered)
            else:
                told = {"found": division.name}
                row.doubts.append(["name", row.name, "outside_reach", told, True, []])
        self._conclude(row)

    def _division(self, row: Staged) -> Division:
        if (chosen := self.divisions.by_id.get(row.choice.get("division", 0))) is not None:
            return chosen
        address = next((cell[4] for cell in row.cells if cell[0] == "address"), "")
        return self.divisions.of({**row.told.get("places", {}), "address": address})

    def _recognise(self, row: Staged, before: Before | None, offered: Sequence[list[Any]]) -> None:
        """Find the compound: settled before, or the same beyond doubt; offer those that it may be."""
        found_as = [row.division, row.choice.get("name", ""), self.actor.post_id]
        if self.same and before is None and row.told.get("met", ())[1:] == found_as:
            row.compound = row.told["met"][0]
            row.doubts += offered
        else:
            self._meet(row, before)
            row.told["met"] = [row.compound, *found_as]
        if row.compound is not None:
            self._doubt_twice(row, row.compound)

    def _meet(self, row: Staged, before: Before | None) -> None:
        said = described(row, self.divisions)
        row.told["key"] = key = row_key(name_key(said.name), row.told.get("places", {}), said.address)
        if (
            before and before.act == Act.SKIP and row.choice == before.choice
        ):  # left out, and nobody has chosen otherwise
            asked = [doubt for doubt in before.doubts if doubt[2] in _ASKED]
            row.doubts += asked
            if asked:
                return
        if before and before.written_to:
            row.compound = before.written_to
            return
        row.compound = self.links.get(key)
        if row.compound is None:
            match = self._index.match(said)
            row.compound = match.pk if match.kind == SAME else None
            if match.kind == LIKELY:
                row.doubts.append(["name", row.name, "likely_known", _offered(match.candidates), False, []])

    def _conclude(self, row: Staged) -> None:
        if is_refused(row.doubts, row.choice):
            row.verdict, row.act, row.compound = Verdict.REJECTED, Act.SKIP, None
            return
        row.act, row.compound = act_chosen(row.doubts, row.choice, row.compound)
        if row.act == Act.CREATE:
            self._name(row)
        if row.act == Act.LINK and row.compound is not None:
            self._claim(row, row.compound)
        row.verdict = Verdict.DOUBTFUL if row.doubts else Verdict.ACCEPTED

    def _claim(self, row: Staged, compound: int) -> None:
        """Take a compound for a row, the first of the list that is linked to it; a person must say that another is as well."""
        self.claimed.setdefault(compound, row.line)
        if self._doubt_twice(row, compound):
            row.act, row.compound = act_chosen(row.doubts, row.choice, compound)

    def _doubt_twice(self, row: Staged, compound: int) -> bool:
        """Doubt a row whose compound an earlier one has taken, once; not where both were written to it before."""
        line, before = self.claimed.get(compound, row.line), self.before.get(row.line)
        if line == row.line or (before and before.written_to) or any(doubt[2] == "known_twice" for doubt in row.doubts):
            return False
        row.doubts.append(["name", row.name, "known_twice", {"line": str(line)}, False, []])
        return True

    def _name(self, row: Staged) -> None:
        """Give a new compound a name that nobody there bears: its own, or its own with where it lies."""
        assert row.division is not None
        names = _names(row, _places(self.divisions, row.division))
        for name in names:
            if (row.division, name) not in self.taken:
                self.taken[row.division, name] = -row.line
                row.told["create_as"] = name
                return
        other = self.taken[row.division, names[0]]
        candidates = [[other, names[0], []]] if other > 0 else []
        division = self.divisions.by_id[row.division]
        told = {
            "line": str(-other) if other < 0 else "",
            "candidates": candidates,
            "division": division.name,
            "awaiting": division.awaiting,
        }
        row.doubts.append(["name", row.name, "name_taken", told, False, []])
        row.act, row.compound = act_chosen(row.doubts, row.choice, None)
        if row.act == Act.CREATE:
            row.act = Act.SKIP

    def _changes(self, row: Staged, said: Mapping[tuple[int, str], list[Said]]) -> tuple[bool, bool]:
        """Whether writing the row would change nothing, and whether it contradicts another source."""
        if row.act == Act.SKIP:
            before = self.before.get(row.line)
            return before is not None and before.act == Act.SKIP, False
        if row.act == Act.CREATE or row.compound is None:
            return False, False
        cells = cells_chosen(row.cells, row.doubts, row.choice)
        day = observed_on(row.told, self.row.observed_on)
        told = [(cell, said.get((row.compound, cell[0]), [])) for cell in cells]
        same = all(any(self._repeats(one, cell, day) for one in others) for cell, others in told)
        return same, any(self._contradicts(cell, day, others) for cell, others in told)

    def _repeats(self, said: Said, cell: Sequence[Any], day: date) -> bool:
        told = said.source == self.row.source_id and said.observed_on >= day
        return told and stored(cell) in (said.value, *said.beside)

    def _contradicts(self, cell: Sequence[Any], day: date, others: Iterable[Said]) -> bool:
        indicator = self.by_code[cell[0]]
        return any(
            said.source != self.row.source_id
            and abs((said.observed_on - day).days) <= indicator.stale_days
            and differ(stored(cell), said.value, type_=indicator.type, tolerance=indicator.tolerance)
            for said in others
        )


def placer_for(actor: Actor, row: ListImport, *, stamp: str = "", beside: Collection[int] = ()) -> Placer:
    """Read everything that the rows of an import are held against: a fixed number of queries.

    `stamp`: the digest of the database, where the rows were placed before. `beside`: the lines to be placed anew where the others of the
    list stay as they are.
    """
    divisions = divisions_around(row.default_division)
    indicators = {one.pk: one for one in Indicator.objects.filter(ended_on__isnull=True)}
    same = stamp != "" and stamp == row.stamp
    placer = Placer(
        actor, row, divisions, same, links_of(row.source_id), done_before(row), indicators, names_taken(divisions.by_id)
    )
    if beside:
        _keep_others(placer, row, beside)
    return placer


def _keep_others(placer: Placer, row: ListImport, lines: Collection[int]) -> None:
    others = ImportRow.objects.filter(list_import=row).exclude(act=Act.SKIP).exclude(line__in=lines)
    for line, act, compound, division, name in others.values_list(
        "line", "act", "compound_id", "division_id", "told__create_as"
    ):
        if act == Act.CREATE:
            placer.taken[division or 0, name] = -line
        elif compound is not None:
            placer.claimed.setdefault(compound, line)


def described(row: Staged, divisions: Divisions) -> Described:
    """Return what a row says of its compound, with the divisions that it was found to lie in."""
    cells = {cell[0]: cell for cell in row.cells if cell[0] in {"address", "point"}}
    point = cells.get("point")
    located = to_wgs84(Point(point[2], point[3], point[5])) if point else None
    places = {**row.told.get("places", {}), **_places(divisions, row.division)}
    name, aliases = name_of(row.name, row.choice), tuple(filter(None, [row.told.get("alias", "")]))
    return Described(
        name, aliases, places, cells["address"][4] if "address" in cells else "",
        located[:2] if located else None, approximate=bool(located and located.approximate),
    )  # fmt: skip


def _places(divisions: Divisions, pk: int | None) -> dict[str, str]:
    places: dict[str, str] = {}
    division = divisions.by_id.get(pk or 0)
    while division is not None and division.level != "county" and not division.awaiting:
        places[division.level] = division.name
        division = divisions.by_id.get(division.parent_id or 0)
    return places


def _offered(candidates: Collection[Candidate]) -> dict[str, Any]:
    return {
        "candidates": [
            [one.pk, one.name, [[reason.code, dict(reason.told)] for reason in one.reasons]] for one in candidates
        ]
    }


def _names(row: Staged, here: Mapping[str, str]) -> list[str]:
    """The name itself, then with the place that the row tells, from the nearest to the widest; its address last.

    A name that a person gave is what it is. The town or community where the row belongs (`here`) tells it from nothing there.
    """
    if "name" in row.choice:
        return [row.choice["name"]]
    places = row.told.get("places", {})
    where = [
        places[level] for level in ("community", "town", "district", "city") if level in places and level not in here
    ]
    address = next((cell[4] for cell in row.cells if cell[0] == "address"), "")
    longer = [f"{row.name}（{place}）" for place in (*where, "".join(reversed(where)), address) if place]
    return [name for name in (row.name, *longer) if len(name) <= MAX_NAME]


def observed_on(told: Mapping[str, Any], default: date) -> date:
    """Return the day that a row is true of: its own where it tells one that is not after the list's."""
    own = date.fromisoformat(told["observed_on"]) if "observed_on" in told else default
    return min(own, default)


def stored(cell: Sequence[Any]) -> Stored:
    return Stored(cell[2], cell[3], cell[4], cell[5], cell[6])


def compound_kind(row: ListImport) -> str:
    return row.kind or Compound.Kind.UNKNOWN
