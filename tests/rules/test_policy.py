"""The policy files that ship: what they say is what the document says, and nothing of it is refused."""

from datetime import date
from pathlib import Path

import pytest
from django.db.models import CharField, Model

from anju.places.models import Organisation, PolicyEdition, PolicyItem
from anju.rules.policy import FILES, Policy, PolicyReport, parse_policy
from anju.rules.policy_divisions import PolicyDivision
from anju.rules.policy_shapes import BESIDE, DOCUMENT, ITEM, KINDS, UNIT
from anju.rules.policy_tables import Shape
from tests.house.source import ROOT

REAL, DEMO = "zhongshan-2024", "demo"
BUREAU, TOWN, MARKET, DEVELOPMENT = "bureau", "town", "market", "development"

# Units of each item, as the table of responsibilities drawn up by hand from the printed document has them.
RESPONSIBLE = {
    "1.1": ("organisation_department", TOWN, BUREAU),
    "1.2": (TOWN, BUREAU, "law_enforcement"),
    "2.1": (TOWN, BUREAU, MARKET),
    "2.2": (TOWN, BUREAU, DEVELOPMENT, MARKET),
    "2.3": (BUREAU, DEVELOPMENT, MARKET),
    "2.4": (DEVELOPMENT, BUREAU, MARKET, TOWN),
    "2.5": ("natural_resources", BUREAU, "law_enforcement", "fire"),
    "2.6": ("natural_resources", BUREAU, MARKET, "fire", "law_enforcement", "emergency"),
    "2.7": (BUREAU, MARKET, "fire", "emergency"),
    "2.8": (BUREAU, MARKET, "law_enforcement", "police", "fire", TOWN),
    "2.9": (BUREAU, "law_enforcement", "police", MARKET, "environment", "emergency", "fire"),
    "2.10": ("organisation_department", "political_legal", "social_work", TOWN, BUREAU, "county_organs"),
    "2.11": (BUREAU, DEVELOPMENT, MARKET),
    "2.12": (BUREAU, DEVELOPMENT, MARKET),
    "2.13": (BUREAU, TOWN),
    "3.1": (),
    "3.2": (),
    "3.3": (),
    "3.4": (),
}


def files_of(code: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (ROOT / "policy" / code).iterdir()}


@pytest.fixture(scope="module")
def real() -> Policy:
    return parse_policy(files_of(REAL))


@pytest.fixture(scope="module")
def demo() -> Policy:
    return parse_policy(files_of(DEMO))


def test_read_policy_gives_the_document(real: Policy) -> None:
    assert (real.code, real.number, real.version) == (REAL, "钟政办函〔2024〕17号", 1)
    assert real.title == "钟山县住宅小区物业管理提升实施方案"
    assert real.issued_on == real.in_force_from == date(2024, 10, 30)
    assert (real.county, real.county_name) == ("451122", "钟山县")


def test_read_policy_gives_every_item_its_units_in_order(real: Policy) -> None:
    assert {item.code: item.units for item in real.items} == RESPONSIBLE


def test_read_policy_cites_the_paragraph_of_every_row(real: Policy) -> None:
    chapters = {"1": "二(一)", "2": "二(二)"}
    numerals = "零一二三四"
    for item in real.items:
        chapter, number = item.code.split(".")
        expected = f"三({numerals[int(number)]})" if chapter == "3" else f"{chapters[chapter]}{number}"
        assert item.cite == expected
    assert {unit.cite for unit in real.units} - {item.cite for item in real.items} == {"印发通知"}


def test_read_policy_lists_the_quarterly_report(real: Policy) -> None:
    assert isinstance(real.report, PolicyReport)
    assert (real.report.day, real.report.to, real.report.cite) == (25, "housing_office", "三(四)")
    assert real.report.phone in real.items[-1].text
    assert real.report.email in real.items[-1].text
    assert real.report.note.startswith("待确认")


def test_read_policy_names_the_government_of_every_town(real: Policy) -> None:
    """The document is addressed to all towns and names one: for the others the same holds."""
    towns = {unit.division for unit in real.units if unit.kind == "town"}
    assert towns == {division.code for division in real.divisions if division.level == "town"}
    assert [unit.name for unit in real.units if unit.town_of_compound] == ["钟山镇人民政府"]


def test_read_policy_keeps_names_to_one_unit_with_spellings_of_the_document(real: Policy) -> None:
    printed = "".join(item.text for item in real.items) + real.issuer
    for unit in real.units:
        assert all(alias in printed for alias in unit.aliases)


def test_read_policy_places_a_unit_without_place_in_the_county(real: Policy) -> None:
    units = {unit.code: unit for unit in real.units}
    assert units["bureau"].division == "451122"
    assert units["housing_office"].parent == "bureau"
    assert units["town"].division == "451122100"


def test_read_policy_takes_the_divisions_of_the_table(real: Policy) -> None:
    levels = [division.level for division in real.divisions]
    assert (levels.count("county"), levels.count("town"), levels.count("community")) == (1, 12, 120)
    assert real.divisions[0] == PolicyDivision("451122", "钟山县", "county", "", date(2023, 1, 1))
    assert "china-division 2.7.0" in real.divisions_source


def test_read_policy_of_the_demo_has_the_same_items(real: Policy, demo: Policy) -> None:
    assert [(item.code, item.heading, item.units) for item in demo.items] == [
        (item.code, item.heading, item.units) for item in real.items
    ]
    levels = [division.level for division in demo.divisions]
    assert (levels.count("town"), levels.count("community")) == (4, 16)


def test_read_policy_of_the_demo_names_nothing_real() -> None:
    text = "".join(content.decode() for content in files_of(DEMO).values())
    assert not [word for word in ("钟山", "贺州", "广西", "自治区", "桂建", "451122", "0774", "gov.cn") if word in text]


def test_read_policy_of_the_demo_bears_codes_no_county_has(demo: Policy) -> None:
    """GB/T 2260 gives no province the number 99."""
    assert all(division.code.startswith("99") for division in demo.divisions)


@pytest.mark.parametrize("code", [REAL, DEMO])
def test_read_policy_folder_bears_its_code(code: str) -> None:
    assert parse_policy(files_of(code)).code == code
    assert set(files_of(code)) == {*FILES, *BESIDE}


def test_policy_folder_is_known_to_these_tests() -> None:
    assert {path.name for path in Path(ROOT, "policy").iterdir()} == {REAL, DEMO}


def test_shape_keeps_what_the_columns_can_hold() -> None:
    assert set(KINDS) == set(Organisation.Kind.values)
    columns: tuple[tuple[type[Model], Shape, tuple[str, ...]], ...] = (
        (PolicyEdition, DOCUMENT, ("code", "title", "number", "issuer")),
        (PolicyItem, ITEM, ("code", "heading", "cite", "units_text")),
        (Organisation, UNIT, ("name",)),
    )
    for model, shape, names in columns:
        for name in names:
            column = model._meta.get_field(name)
            assert isinstance(column, CharField)
            assert shape[name].limit == column.max_length
