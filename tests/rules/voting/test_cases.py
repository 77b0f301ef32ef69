"""The hand-worked cases of `cases.md`, each with its article."""

import json
from decimal import Decimal
from typing import Any

import pytest

from anju.rules.voting.counting import Figures, Tally
from anju.rules.voting.elections import Candidate, choose_company, elect
from anju.rules.voting.profiles import CIVIL_CODE_278
from anju.rules.voting.recount_format import Recount, read_recounts, result
from anju.rules.voting.units import Areas, Owner, RollRules, Scope, Space, Standing, Unit
from anju.rules.voting.weight import Roll, weigh
from tests.rules.voting.tables import Row, document_of_roll, document_of_totals, outcomes, pair, table
from tools.proofs.voting_oracle import answer, reread

TOTALS, ROLLS, WEIGHT, ELECTIONS = (table(name) for name in ("Totals", "Rolls", "Weight", "Elections"))


def _id(row: Row) -> str:
    return row["no"]


def _recount(document: dict[str, Any]) -> dict[str, Any]:
    (found,) = read_recounts(json.dumps(document).encode())
    assert isinstance(found, Recount)
    return result(found.decide())


def test_table_is_large_enough_and_cites_the_law() -> None:
    rows = [*TOTALS, *ROLLS, *WEIGHT, *ELECTIONS]
    assert len(rows) >= 60
    assert len({row["no"] for row in rows}) == len(rows)
    assert all(row["article"] and row["what"] for row in rows)


@pytest.mark.parametrize("row", TOTALS, ids=_id)
def test_decide_totals_as_worked_by_hand(row: Row) -> None:
    document = document_of_totals(row)
    found = _recount(document)
    assert found["verdict"] == row["verdict"]
    assert [test["passed"] for test in found["tests"]] == outcomes(row["tests"])
    assert answer(document)["verdict"] == row["verdict"]
    assert reread(found["explanation"]) == row["verdict"]


@pytest.mark.parametrize("row", ROLLS, ids=_id)
def test_decide_ballots_as_worked_by_hand(row: Row) -> None:
    document = document_of_roll(row)
    found = _recount(document)
    assert [test["passed"] for test in found["tests"]] == outcomes(row["tests"])
    assert found["verdict"] == row["verdict"]
    took_part, agreed = pair(row["took part"]), pair(row["agreed"])
    assert [_number(test["have"]) for test in found["tests"]] == [_number(part) for part in (*took_part, *agreed)]
    assert answer(document)["verdict"] == row["verdict"]
    assert reread(found["explanation"]) == row["verdict"]


def _number(value: object) -> Decimal:
    return Decimal(str(value))


@pytest.mark.parametrize("row", WEIGHT, ids=_id)
def test_weigh_units_as_worked_by_hand(row: Row) -> None:
    found = weigh([_unit(text) for text in row["units"].split(";")], _rules(row["rules"]))
    assert found.heads == (None if row["heads"] == "?" else int(row["heads"]))
    assert found.area == (None if row["area"] == "?" else _hundredths(row["area"]))
    assert _findings(found) == {part.strip() for part in row["findings"].split(",") if part.strip()}
    assert (found.heads is None) == bool(found.problems) == (not found.voters)


def _findings(roll: Roll) -> set[str]:
    listed = {f"{finding.code} {finding.about}" for finding in (*roll.problems, *roll.remarks)}
    return listed | {f"{why} {unit}" for unit, why in roll.left_out}


def _hundredths(text: str) -> int:
    return int(Decimal(text) * 100)


_STANDINGS = {"未售": Standing.UNSOLD, "未交付": Standing.UNDELIVERED, "已交付": Standing.DELIVERED}


def _unit(text: str) -> Unit:
    words = text.split()
    key, _, place = words[0].partition("@")
    building, _, entrance = place.partition("/")
    areas = {word[0]: _hundredths(word[1:]) for word in words if word[0] in "rsc"}
    names = [name for word in words if word.startswith("=") for name in word[1:].split("+")]
    return Unit(
        key=key,
        building=building,
        entrance=entrance,
        areas=Areas(register=areas.get("r"), survey=areas.get("s"), contract=areas.get("c")),
        standing=next((_STANDINGS[word] for word in words if word in _STANDINGS), Standing.REGISTERED),
        owners=tuple(Owner(None if name == "?" else name, name) for name in names),
        space=Space.PARKING if "车位" in words else Space.HOME,
        registrable="不可登记" not in words,
        clerk_voter=next((word.removeprefix("核定:") for word in words if word.startswith("核定:")), None),
    )


def _rules(text: str) -> RollRules:
    names = [name for name in text.partition("in:")[2].split(",") if name]
    return RollRules(
        scope=Scope(
            buildings=frozenset(name for name in names if "/" not in name and not name.startswith("#")),
            entrances=frozenset((name.split("/")[0], name.split("/")[1]) for name in names if "/" in name),
            units=frozenset(name[1:] for name in names if name.startswith("#")),
        ),
        parking_counts="parking" in text,
    )


@pytest.mark.parametrize("row", ELECTIONS, ids=_id)
def test_elect_as_worked_by_hand(row: Row) -> None:
    area, heads = pair(row["took part"])
    tally = Tally(Figures(1000_00, _area(area), None), Figures(100, heads, None))
    candidates = [_candidate(text) for text in row["candidates"].split(";")]
    seats, fewest = int(row["seats"]), int(row["fewest"])
    found = elect(tally, candidates, CIVIL_CODE_278, seats=seats, fewest=fewest)
    assert set(found.chosen) == set(row["chosen"].split())
    assert set(found.tied) == set(row["tied"].split())
    assert found.outcome == row["outcome"]
    if seats == 1:
        assert choose_company(tally, candidates, CIVIL_CODE_278) == found


def _area(text: str | None) -> int | None:
    return None if text is None else _hundredths(text)


def _candidate(text: str) -> Candidate:
    name, figures = text.split()
    heads, area = figures.split("/")
    return Candidate(name, None if heads == "?" else int(heads), _area(None if area == "?" else area))
