"""A constructed table: two towns with compounds of every kind, and cells of every shape, some of them old, unknown or in conflict."""

import copy
import random
from datetime import timedelta
from types import SimpleNamespace

import pytest

from anju.base.actor import SYSTEM
from anju.places.models import Compound
from anju.registry.models import Indicator
from anju.registry.services.indicators import load_indicators
from anju.registry.services.statements import record_statement
from tests.grounds import Found, Ground
from tests.people import NOW, TODAY, make_compound
from tests.registry.conftest import saying, source

COLUMNS = (
    "households",
    "fee",
    "committee_formed",
    "committee_formed_on",
    "completed",
    "service",
    "manager",
    "developer",
    "manager_phone",
)
_WAYS = {
    "households": ["96", "约 1,086 户", "200-220", "7"],
    "fee": ["1.20", "0.8-1.5", "2"],
    "committee_formed": ["有", "无", "未知", "不适用"],
    "committee_formed_on": ["2021-05-31", "2019-03", "2020"],
    "completed": ["2008", "1996-1998", "2014年6月"],
    "service": ["示例物业公司", "失管", "业主自管"],
    "manager": ["示例·李"],
    "developer": ["示例开发公司", "示例城建公司"],
    "manager_phone": ["13500001234"],
}


@pytest.fixture
def indicators(place: SimpleNamespace) -> dict[str, Indicator]:
    load_indicators(actor=SYSTEM, policy="demo", at=NOW)
    return {row.code: row for row in Indicator.objects.all()}


@pytest.fixture(scope="session")
def table_ground(found: Found, town_ground: Ground, facts_ground: Ground) -> Ground:
    return found("table", lambda: make_compounds(copy.deepcopy(town_ground.held.place)), facts_ground)


@pytest.fixture
def compounds(place: SimpleNamespace, table_ground: Ground) -> list[Compound]:
    """Thirty compounds in three places, told by two sources at random; the seed is fixed."""
    return list(copy.deepcopy(table_ground.held))


def make_compounds(place: SimpleNamespace) -> list[Compound]:
    indicators = {row.code: row for row in Indicator.objects.all()}
    chance = random.Random(20260724)
    rows = [place.compound, place.other_compound]
    homes = (place.community, place.town, place.other_community, place.awaiting)
    for number in range(28):
        kind, state = chance.choice(Compound.Kind.values), chance.choice(Compound.ServiceState.values)
        rows.append(
            make_compound(
                f"示例·{chance.choice('甲乙丙丁')}{number}苑", homes[number % 4], kind=kind, service_state=state
            )
        )
    for row in rows:
        _tell(row, indicators, chance)
    return rows


def _tell(row: Compound, indicators: dict[str, Indicator], chance: random.Random) -> None:
    for kind in ("survey", "company")[: chance.randrange(3)]:
        codes = [code for code in COLUMNS if chance.random() < 0.6]
        said = {indicators[code]: saying(chance.choice(_WAYS[code]), indicators[code].type) for code in codes}
        if said:
            seen = TODAY - timedelta(days=chance.choice((3, 200, 400, 2000)))
            record_statement(actor=SYSTEM, compound=row, source=source(kind), observed_on=seen, sayings=said, at=NOW)
