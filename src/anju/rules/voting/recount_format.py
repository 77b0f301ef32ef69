"""The file anju-recount/1: an assembly's roll and ballots, or its totals, that anyone can recount (docs/recount-format.md)."""

import unicodedata
from collections.abc import Iterator, Set
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from anju.rules.voting.areas import parse_area, write_area
from anju.rules.voting.counting import LEAST_DECIMALS, Choice, Figures, Tally, count
from anju.rules.voting.decision import Check, Decision, Measure, Procedure, decide
from anju.rules.voting.explanation import explain
from anju.rules.voting.profiles import CIVIL_CODE_278, PROFILES, Matter, Profile
from anju.rules.voting.recount_json import load
from anju.rules.voting.recount_refusals import BadFile, shown

FORMAT = "anju-recount/1"
_TOP = frozenset(
    {"format", "matter", "profile", "silent_counts_with_majority", "invalid_participates", "roll", "ballots", "totals"}
)
_ROW = frozenset({"unit", "area", "voter"})
_BALLOT = frozenset({"voter", "choice"})
_TOTALS = frozenset({"heads", "area", "participating_heads", "participating_area", "agree_heads", "agree_area"})
_MAX_TEXT = 200
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_SPACES = " \u00a0\u3000"
_CHOICES = {choice.value: choice for choice in Choice}

Fields = dict[str, Any]
Rows = list[Any]


@dataclass(frozen=True, slots=True)
class Recount:
    """One assembly's matter as a file states it, checked."""

    tally: Tally
    profile: Profile
    matter: Matter
    procedure: Procedure

    def decide(self) -> Decision:
        """Return the decision by the rule that the file names (民法典 278, or the rule before 2021)."""
        return decide(self.tally, self.profile, self.matter, self.procedure)


def read_recounts(data: bytes) -> list[Recount | BadFile]:
    """Return what the file holds: one assembly, or each of a list, in order; one that is wrong is its `BadFile`.

    Raises `BadFile` where the file as a whole cannot be read.
    """
    document = load(data)
    if not isinstance(document, list):
        return [read_recount(document)]
    if not document:
        raise BadFile("empty_list")
    return [_read_one_of_list(item, f"[{number}]") for number, item in enumerate(document)]


def _read_one_of_list(item: object, place: str) -> Recount | BadFile:
    try:
        return read_recount(item)
    except BadFile as bad:
        return BadFile(bad.code, f"{place}.{bad.where}" if bad.where else place, bad.value)


def read_recount(document: object) -> Recount:
    """Return one assembly's matter from its plain values. Raises `BadFile`."""
    fields = _object(document, _TOP, "")
    if fields.get("format") != FORMAT:
        raise BadFile("format_unknown", "format", shown(fields.get("format")))
    matter, profile = fields.get("matter"), fields.get("profile", CIVIL_CODE_278.code)
    if matter not in list(Matter):
        raise BadFile("matter_unknown", "matter", shown(matter))
    if not isinstance(profile, str) or profile not in PROFILES:
        raise BadFile("profile_unknown", "profile", shown(profile))
    procedure = Procedure(_flag(fields, "silent_counts_with_majority"), _flag(fields, "invalid_participates"))
    return Recount(_tally(fields), PROFILES[profile], Matter(matter), procedure)


def _object(value: object, known: frozenset[str], where: str, *, whole: bool = False) -> Fields:
    if not isinstance(value, dict):
        raise BadFile("not_object", where)
    if value.keys() == known:
        return value
    for name in value:
        if name not in known:
            raise BadFile("field_unknown", where, shown(name))
    if whole:
        raise BadFile("field_missing", where, next(name for name in sorted(known) if name not in value))
    return value


def _flag(fields: Fields, name: str) -> bool:
    value = fields.get(name, False)
    if not isinstance(value, bool):
        raise BadFile("flag_not_boolean", name, shown(value))
    return value


def _tally(fields: Fields) -> Tally:
    if "totals" in fields:
        if "roll" in fields or "ballots" in fields:
            raise BadFile("roll_and_totals")
        return _from_totals(_object(fields["totals"], _TOTALS, "totals"))
    if "roll" not in fields:
        raise BadFile("ballots_without_roll" if "ballots" in fields else "no_figures")
    if "ballots" not in fields:
        raise BadFile("field_missing", "", "ballots")
    areas, decimals = _roll(_list(fields["roll"], "roll"))
    return _count(areas, _list(fields["ballots"], "ballots"), decimals)


def _list(value: object, where: str) -> Rows:
    if not isinstance(value, list):
        raise BadFile("not_list", where)
    return value


def _roll(rows: Rows) -> tuple[dict[str, int], int]:
    """Return each voter's area, and the number of decimals of the areas.

    Whole columns are looked at first, since a county's roll is long; only where something is wrong is each line asked.
    """
    try:
        units, voters, areas = (list(map(itemgetter(name), rows)) for name in ("unit", "voter", "area"))
        sizes = {area: parse_area(area) for area in set(areas)}
        sound = _all_have(rows, _ROW) and len(set(units)) == len(rows) and _are_names(units) and _are_names(voters)
    except (KeyError, TypeError, ValueError):
        sound = False
    if not sound:
        raise next(_faults_of_roll(rows))
    decimals = max([LEAST_DECIMALS, *(places for _, places in sizes.values())])
    scaled = {area: digits * 10 ** (decimals - places) for area, (digits, places) in sizes.items()}
    return _by_voter(voters, [scaled[area] for area in areas]), decimals


def _by_voter(voters: list[str], areas: list[int]) -> dict[str, int]:
    held = dict(zip(voters, areas, strict=True))
    if len(held) == len(voters):  # everybody has one unit
        return held
    held = dict.fromkeys(held, 0)
    for voter, area in zip(voters, areas, strict=True):
        held[voter] += area
    return held


def _faults_of_roll(rows: Rows) -> Iterator[BadFile]:
    units: set[str] = set()
    for number, row in enumerate(rows):
        fields = _object(row, _ROW, f"roll[{number}]", whole=True)
        for name in ("unit", "voter"):
            if not is_name(fields[name]):
                yield BadFile("text_wrong", f"roll[{number}].{name}", shown(fields[name]))
        if fields["unit"] in units:
            yield BadFile("unit_repeated", f"roll[{number}].unit", shown(fields["unit"]))
        units.add(fields["unit"])
        if fault := _fault_of_area(fields["area"], f"roll[{number}].area"):
            yield fault


def _count(areas: dict[str, int], ballots: Rows, decimals: int) -> Tally:
    """Count what each voter chose. As in `_roll`, each ballot is asked only where something is wrong."""
    try:
        made = map(_CHOICES.__getitem__, map(itemgetter("choice"), ballots))
        chosen = dict(zip(map(itemgetter("voter"), ballots), made, strict=True))
        tally = count(areas, chosen, decimals)
        sound = _all_have(ballots, _BALLOT) and len(chosen) == len(ballots)
    except (KeyError, TypeError):
        sound = False
    if not sound:
        raise next(_faults_of_ballots(ballots, areas.keys()))
    return tally


def _faults_of_ballots(ballots: Rows, voters: Set[str]) -> Iterator[BadFile]:
    seen: set[str] = set()
    for number, ballot in enumerate(ballots):
        fields = _object(ballot, _BALLOT, f"ballots[{number}]", whole=True)
        voter, choice = fields["voter"], fields["choice"]
        if not isinstance(choice, str) or choice not in _CHOICES:
            yield BadFile("choice_unknown", f"ballots[{number}].choice", shown(choice))
        if not isinstance(voter, str) or voter not in voters:
            yield BadFile("voter_unknown", f"ballots[{number}].voter", shown(voter))
        elif voter in seen:
            yield BadFile("voter_repeated", f"ballots[{number}].voter", shown(voter))
        else:
            seen.add(voter)


def _all_have(lines: Rows, known: frozenset[str]) -> bool:
    """Say whether lines that have the known fields have no other."""
    return set(map(len, lines)) <= {len(known)}


def _are_names(texts: list[str]) -> bool:
    """Say it for a whole column: nearly all names are printable and hold no space."""
    joined = "".join(texts)
    plain = joined.isprintable() and " " not in joined and all(texts) and max(map(len, texts), default=0) <= _MAX_TEXT
    return plain or all(map(is_name, texts))


def is_name(text: object) -> bool:
    """Say whether a text can name a unit or a voter: nothing in it that hides, nothing at its ends that cannot be seen."""
    if not isinstance(text, str) or not 0 < len(text) <= _MAX_TEXT or text.strip(_SPACES) != text:
        return False
    return text.isprintable() or not any(unicodedata.category(mark) in _HIDDEN for mark in text)


def _fault_of_area(value: object, where: str) -> BadFile | None:
    if not isinstance(value, str):
        return BadFile("area_not_text", where, shown(value))
    try:
        parse_area(value.removeprefix("-"))
    except ValueError:
        return BadFile("area_not_decimal", where, shown(value))
    return BadFile("area_negative", where, shown(value)) if value.startswith("-") else None


def _from_totals(totals: Fields) -> Tally:
    areas = {name: _area(totals.get(name), name) for name in ("area", "participating_area", "agree_area")}
    decimals = max([LEAST_DECIMALS, *(area[1] for area in areas.values() if area)])
    scaled = {name: area and area[0] * 10 ** (decimals - area[1]) for name, area in areas.items()}
    heads = {name: _heads(totals.get(name), name) for name in ("heads", "participating_heads", "agree_heads")}
    return Tally(
        area=_figures(scaled["area"], scaled["participating_area"], scaled["agree_area"], "area", totals),
        heads=_figures(heads["heads"], heads["participating_heads"], heads["agree_heads"], "heads", totals),
        decimals=decimals,
    )


def _area(value: Any, name: str) -> tuple[int, int] | None:
    if value is None:
        return None
    if fault := _fault_of_area(value, f"totals.{name}"):
        raise fault
    return parse_area(value)


def _heads(value: object, name: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadFile("heads_not_whole", f"totals.{name}", shown(value))
    if value < 0:
        raise BadFile("heads_negative", f"totals.{name}", shown(value))
    return value


def _figures(total: int | None, participating: int | None, agree: int | None, measure: str, totals: Fields) -> Figures:
    """Refuse figures that contradict each other: whoever agreed took part, and whoever took part is an owner."""
    if total is not None and participating is not None and participating > total:
        name = f"participating_{measure}"
        raise BadFile("participating_above_total", f"totals.{name}", shown(totals[name]))
    ceiling = participating if participating is not None else total
    if agree is not None and ceiling is not None and agree > ceiling:
        raise BadFile("agree_above_participating", f"totals.agree_{measure}", shown(totals[f"agree_{measure}"]))
    return Figures(total, participating, agree)


def result(decision: Decision) -> dict[str, object]:
    """Return the documented result object of one decision."""
    return {
        "verdict": decision.verdict.value,
        "tests": [_test(check, decision.tally.decimals) for check in decision.tests],
        "missing": list(decision.missing),
        "citations": list(decision.profile.citations),
        "explanation": explain(decision),
    }


def _test(check: Check, decimals: int) -> dict[str, object]:
    def written(figure: int | None) -> object:
        return figure if figure is None or check.measure is Measure.HEADS else write_area(figure, decimals)

    return {
        "name": check.name,
        "have": written(check.have),
        "of": written(check.of),
        "need": written(check.need),
        "passed": check.passed,
        "short_by": written(check.short_by),
    }
