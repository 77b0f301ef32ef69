"""Whom an act's notices are for: posts that play a role in the case, in which bodies, and who instead where nobody of them is left.

    audience("level", occasion)      the choices, the best first; of a choice all are told
    told(notices, found, out)        of the people in those posts, who is told what

Bodies that never sign in have nobody in such a post: theirs are the papers (交办单, 会商通知, 督办单).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from anju.rules.cases.book import Book
from anju.rules.cases.facts import Asked, Event, Facts, TaskKind
from anju.rules.cases.separation import with_bureau, working_units


class Where(StrEnum):
    """COUNTY: anywhere. UNITS: at one of the bodies or an office of one. COMPOUND: there too, but not tied to another compound.
    AREA: answerable for the place of the case."""

    COUNTY = "county"
    UNITS = "units"
    COMPOUND = "compound"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Posts to look for. `roles` are those of a case, none means any; never at `but` or an office of it; `person` is one alone."""

    roles: frozenset[str]
    where: Where = Where.COUNTY
    units: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()
    person: str = ""


Audience = tuple[tuple[Wanted, ...], ...]


@dataclass(frozen=True, slots=True)
class Occasion:
    """An act that was done, with the facts before and after it."""

    book: Book
    before: Facts
    after: Facts
    event: Event

    @property
    def kept_out(self) -> frozenset[str]:
        """The bodies that the case is about; 县住建局 with its offices."""
        return with_bureau(self.after.respondents, self.book)


_WORKING: Final = frozenset({"handler", "unit_lead"})
_OF_COMPOUND: Final = frozenset({"company", "owners_org"})
_SERIOUS: Final = 3  # 黄牌
_NEARBY: Final = frozenset({"community", "town"})


def audience(name: str, occasion: Occasion) -> Audience:
    """Return the choices for an audience of the workflow's notices."""
    return _AUDIENCES[name](occasion)


def told(
    notices: Iterable[tuple[str, Audience]], found: Mapping[Wanted, frozenset[int]], out: frozenset[int]
) -> tuple[tuple[str, frozenset[int]], ...]:
    """Return who is told which notice: nobody of `out` (who must keep out, who did it), and each once, by the first that is theirs.

    Where a choice leaves nobody, the next one is told; a person who was told something else already counts as there.
    """
    had, said = out, []
    for code, choices in notices:
        there = (frozenset[int]().union(*(found.get(one, ()) for one in choice)) - out for choice in choices)
        users = next((users for users in there if users), frozenset[int]()) - had
        had |= users
        if users:
            said.append((code, users))
    return tuple(said)


def _at(units: Iterable[str], occasion: Occasion, roles: frozenset[str] = _WORKING) -> tuple[Wanted, ...]:
    """People at work in these bodies; nobody where there is none."""
    own = frozenset(units) - {""}
    return (Wanted(roles, Where.UNITS, own, occasion.kept_out),) if own else ()


def _lead(occasion: Occasion) -> Audience:
    return (_at({occasion.after.lead}, occasion),)


def _helpers(occasion: Occasion) -> Audience:
    return (_at((task.unit for task in occasion.after.open_tasks(TaskKind.HELPER)), occasion),)


def _called(occasion: Occasion) -> Audience:
    """A joint session: who leads the case and every unit that is called; of a session that serves several cases units hear once."""
    told = occasion.event.payload
    return (_at({occasion.after.lead, *(() if told.session else told.helpers)}, occasion),)


def _dispatcher(occasion: Occasion, but: frozenset[str] = frozenset()) -> Audience:
    """Where all of them must keep out, the supervisors."""
    wanted = Wanted(frozenset({"dispatcher"}), but=occasion.kept_out | but)
    return ((wanted,), *_supervisor(occasion, but))


def _supervisor(occasion: Occasion, but: frozenset[str] = frozenset()) -> Audience:
    return ((Wanted(frozenset({"supervisor"}), but=occasion.kept_out | but),),)


def _responsible(occasion: Occasion) -> Audience:
    """Who is urged (催办): the lead; the dispatcher while there is none, or where nobody of it signs in."""
    return (*_lead(occasion), *_dispatcher(occasion))


def _level(occasion: Occasion) -> Audience:
    """Those whom the level of oversight names, all of them, in the unit that leads (or led) or beside it; else who is responsible."""
    level = next(one for one in occasion.book.workflow.levels if one.level == occasion.event.payload.level)
    of_unit = _at({occasion.after.last_lead}, occasion, _WORKING & set(level.to))
    beside = tuple(Wanted(frozenset({role}), but=occasion.kept_out) for role in level.to if role not in _WORKING)
    return ((*(one for one in of_unit if one.roles), *beside), *_dispatcher(occasion))


def _answerable(occasion: Occasion) -> Audience:
    """Who answers for the clock that is late (`Clock.answers`), and from the third level on the supervisors too."""
    book, told = occasion.book, occasion.event.payload
    also = _supervisor(occasion)[0] if told.level >= _SERIOUS else ()
    intake = Wanted(frozenset({"intake"}), Where.AREA, but=occasion.kept_out)
    first = {"intake": (intake,), "dispatcher": _dispatcher(occasion)[0], "verifier": _verifier(occasion)[0]}
    return ((*first.get(book.workflow.clocks[told.clock].answers, ()), *also), *_supervisor(occasion))


def _granter(occasion: Occasion) -> Audience:
    """Who may answer what is asked: nobody of the unit that asks, and of a second extension the supervisors alone."""
    asked = occasion.after.request
    units = asked.units if asked else frozenset[str]()
    again = asked is not None and asked.kind is Asked.EXTENSION and occasion.after.extensions > 0
    return _supervisor(occasion, units) if again else _dispatcher(occasion, units)


def _asker(occasion: Occasion) -> Audience:
    """Who asked, still at work there; else the unit; else whoever entered the asking from its paper (代录)."""
    asked = occasion.before.request
    if asked is None:
        return _lead(occasion)
    there = Wanted(_WORKING, Where.UNITS, asked.units, occasion.kept_out, asked.person)
    return ((there,), *_lead(occasion), (Wanted(frozenset(), but=occasion.kept_out, person=asked.person),))


def _verifier(occasion: Occasion) -> Audience:
    """Whoever may verify near the place, as `separation.verifier_apart` has it; else the supervisors."""
    book, after = occasion.book, occasion.after
    involved = working_units(after) | after.respondents
    allowed = book.workflow.recusal.verifiers if involved & book.bureau else _NEARBY
    near = Wanted(_NEARBY & set(allowed), Where.AREA, but=with_bureau(involved, book))
    return ((near,), *_supervisor(occasion))


def _reviewer(occasion: Occasion) -> Audience:
    """Who releases, where a case that was public is so no more."""
    taken = occasion.before.released and not occasion.after.released
    return ((Wanted(frozenset({"reviewer"}), but=occasion.kept_out),), *_supervisor(occasion)) if taken else ()


def _respondent(occasion: Occasion) -> Audience:
    return ((Wanted(_OF_COMPOUND, Where.COMPOUND, occasion.after.respondents),),)


def _dissuader(occasion: Occasion) -> Audience:
    """The body of the compound that is to dissuade."""
    units = frozenset(task.unit for task in occasion.after.open_tasks(TaskKind.DISSUADE))
    return ((Wanted(_OF_COMPOUND, Where.COMPOUND, units),),)


_AUDIENCES: Final[dict[str, Callable[[Occasion], Audience]]] = {
    "respondent": _respondent,
    "dissuader": _dissuader,
    "lead": _lead,
    "helpers": _helpers,
    "called": _called,
    "responsible": _responsible,
    "answerable": _answerable,
    "level": _level,
    "dispatcher": _dispatcher,
    "granter": _granter,
    "asker": _asker,
    "supervisor": _supervisor,
    "verifier": _verifier,
    "reviewer": _reviewer,
}
AUDIENCES: Final = tuple(_AUDIENCES)
