"""The policy map accounts for every sentence of the plan, in its own words."""

import re
import tomllib
from dataclasses import dataclass

import pytest

from anju.rules.cases.matters import MATTERS
from anju.rules.policy import Policy, parse_policy
from tests.house.source import APPS, ROOT

MAP = ROOT / "docs" / "policy-map.md"
TO_COME = (
    "registry", "duties", "cases", "inspections", "disclosure", "assembly", "agreements", "upkeep", "funds", "ratings", "reports", "api",
)  # fmt: skip
ROW = re.compile(r"\| ([\dA-Z][\d.]*)/(\d+) \| ([^|]+?) \| ([^|]+?) \|(?: ([^|]+?) \|)? ([^|]+?) \|")
TRACED = (
    "1.2",
    "2.4",
    "2.5",
    "2.6",
    "2.7",
    "2.8",
    "2.9",
)  # where every word has a row, and every row says what carries it
STATUS = re.compile(r"now|later (#[3-6]|roadmap)|not software")


@dataclass(frozen=True)
class Row:
    item: str
    number: int
    quotation: str
    home: str
    carried: str
    status: str

    @property
    def homes(self) -> list[str]:
        """The apps named: `places: … ; accounts: …`."""
        return re.findall(r"(?:^|; )([a-z]+):", self.home)

    @property
    def carriers(self) -> list[str]:
        """Pages, rows of data and tests, each between backticks."""
        return re.findall(r"`([^`]+)`", self.carried or "")


def rows() -> list[Row]:
    listed = [line for line in MAP.read_text().splitlines() if line.startswith("| ") and "| --- |" not in line]
    found = [ROW.fullmatch(line) for line in listed if not line.startswith("| no |")]
    return [Row(row[1], int(row[2]), row[3], row[4], row[5], row[6]) for row in found if row]


@pytest.fixture(scope="module")
def policy() -> Policy:
    return parse_policy({path.name: path.read_bytes() for path in (ROOT / "policy" / "zhongshan-2024").iterdir()})


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph, without its heading and its list of units."""
    body = re.sub(r"（责任单位：.*）$", "", text)
    return [part for part in re.split("[。；]", body) if part][1:]


def test_map_is_a_table_of_whole_rows() -> None:
    lines = [line for line in MAP.read_text().splitlines() if line.startswith("| ")]
    headers = 2 * sum(line.startswith("| no |") for line in lines)
    assert len(rows()) == len(lines) - headers
    assert not [row for row in rows() if not STATUS.fullmatch(row.status)]


def test_map_numbers_each_row_once() -> None:
    numbers = [(row.item, row.number) for row in rows()]
    assert len(set(numbers)) == len(numbers)


def test_map_quotes_what_the_plan_says(policy: Policy) -> None:
    text = {item.code: item.text for item in policy.items}
    wrong = []
    for row in rows():
        if row.item in text:
            pieces = ".*".join(re.escape(piece) for piece in row.quotation.split("…"))
            if not re.search(pieces, text[row.item]):
                wrong.append(row)
    assert not wrong


def test_map_has_every_item_and_requirement(policy: Policy) -> None:
    mapped = {row.item for row in rows()}
    assert mapped >= {item.code for item in policy.items}
    assert mapped - {item.code for item in policy.items} == {"N", "G", "S"}


def test_map_has_every_sentence(policy: Policy) -> None:
    missing = []
    for item in policy.items:
        quoted = [row.quotation.split("…")[0] for row in rows() if row.item == item.code]
        missing += [part for part in sentences(item.text) if not any(words in part for words in quoted)]
    assert not missing


def test_map_has_the_units_of_every_item(policy: Policy) -> None:
    units = {row.item: row.quotation for row in rows() if row.number == 0}
    assert units == {item.code: f"责任单位：{item.units_text}" for item in policy.items if item.units}


def test_map_gives_every_sentence_for_software_a_home() -> None:
    for row in rows():
        if row.status == "now":
            assert set(row.homes) <= set(APPS), row
            assert row.homes, row
        elif row.status.startswith("later"):
            assert set(row.homes) <= {*APPS, *TO_COME}, row
            assert row.homes, row


def test_map_names_no_app_the_roadmap_does_not_know() -> None:
    roadmap = (ROOT / "docs" / "roadmap.md").read_text()
    assert not [app for app in (*APPS, *TO_COME) if f"`{app}`" not in roadmap]


# The trace of what issue 5 carries


@pytest.mark.parametrize("item", TRACED)
def test_trace_has_every_word_of_an_item(policy: Policy, item: str) -> None:
    text = next(one.text for one in policy.items if one.code == item)
    body = re.sub(r"（责任单位：.*）$", "", text).partition("。")[2]
    left = set(range(len(body)))
    for row in rows():
        if row.item == item and row.number:
            pieces = ".*?".join(re.escape(piece) for piece in row.quotation.split("…"))
            left -= {place for found in re.finditer(pieces, body) for place in range(*found.span())}
    assert "".join(body[place] for place in sorted(left)).strip("，。；、") == ""


def test_trace_says_what_carries_each_row() -> None:
    traced = [row for row in rows() if row.item in TRACED]
    assert {row.item for row in traced} == set(TRACED)
    for row in traced:
        tests = [one for one in row.carriers if one.startswith("tests/")]
        if row.status == "now":
            assert tests, row
            assert len(row.carriers) > len(tests), row
        else:
            assert not row.carriers, row


def test_trace_names_every_matter_of_its_items() -> None:
    text = (ROOT / "policy" / "zhongshan-2024" / MATTERS).read_text()
    matters = {matter["code"]: matter["item"] for matter in tomllib.loads(text)["matter"] if matter["item"] in TRACED}
    named = {(row.item, code) for row in rows() for one in row.carriers for code in codes_of(one)}
    assert {"2.5", "2.6", "2.7", "2.8"} <= set(matters.values())
    assert not [code for code, item in matters.items() if (item, code) not in named]


def codes_of(carrier: str) -> list[str]:
    """The codes that a carrier names of a file: one, or from one to another (WL01-WL10)."""
    first, _, last = carrier.partition(" ")[2].partition("-")
    if not last:
        return [first]
    return [f"{first[:2]}{number:02}" for number in range(int(first[2:]), int(last[2:]) + 1)]


def test_trace_names_only_what_there_is() -> None:
    named = {one for row in rows() for one in row.carriers}
    assert not [one for one in named if not _is_there(one)]
    assert not _is_there("cases:nothing")
    assert not _is_there("matters.toml XX99")
    assert not _is_there("matters.toml SS23-SS25")


def _is_there(carrier: str) -> bool:
    """A test, a page by its name, or a file of the policy with one of its codes."""
    if carrier.startswith("tests/"):
        return (ROOT / carrier).is_file()
    app, colon, name = carrier.partition(":")
    if colon:
        urls = (path.read_text() for path in (ROOT / "src" / "anju" / "web").glob("*/urls*.py"))
        return any(f'app_name = "{app}"' in text and f'name="{name}"' in text for text in urls)
    path = ROOT / "policy" / "zhongshan-2024" / carrier.partition(" ")[0]
    return path.is_file() and all(not code or f'code = "{code}"' in path.read_text() for code in codes_of(carrier))
