"""The region around a county: read whole or refused whole, each fault with its line."""

import pytest

from anju.rules.policy import parse_policy
from anju.rules.policy_faults import PolicyFaults, sentence
from anju.rules.policy_region import parse_region
from anju.rules.policy_shapes import REGION
from tests.house.source import ROOT

DEMO = {path.name: path.read_bytes() for path in (ROOT / "policy" / "demo").iterdir()}
DIVISIONS = parse_policy(DEMO).divisions
TEXT = DEMO[REGION].decode()


def faults_of(content: str | bytes | None) -> list[tuple[int, str]]:
    with pytest.raises(PolicyFaults) as caught:
        parse_region({} if content is None else {REGION: content}, DIVISIONS)
    assert all(sentence(fault).startswith(REGION) for fault in caught.value.faults)
    return [(fault.line, fault.code) for fault in caught.value.faults]


@pytest.mark.parametrize(("policy", "cities"), [("demo", 2), ("zhongshan-2024", 14)])
def test_read_region_that_ships_beside_its_policy(policy: str, cities: int) -> None:
    files = {path.name: path.read_bytes() for path in (ROOT / "policy" / policy).iterdir()}
    found = parse_region(files, parse_policy(files).divisions)
    assert len([code for code in found if len(code) == 2]) == 1
    assert len([code for code in found if len(code) == 4]) == cities
    assert len(found) > cities + 1


def test_read_region_saved_by_a_spreadsheet() -> None:
    saved = "\ufeff" + TEXT.replace("\n", "\r\n")
    assert parse_region({REGION: saved.encode()}, DIVISIONS) == parse_region(DEMO, DIVISIONS)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("code,name", "name,code", (1, "wrong_header")),
        ("9900,样例市", "9900,样例市,", (3, "wrong_columns")),
        ("9900,样例市", "99001,样例市", (3, "wrong_code")),
        ("9900,样例市", "99O0,样例市", (3, "wrong_code")),
        ("9901,远方市", "9900,远方市", (7, "repeated_code")),
        ("9901,远方市", "9801,远方市", (7, "parent_not_above")),
        ("99,示例省\n", "", (2, "parent_not_above")),
        ("远方市", " 远方市", (7, "text_untidy")),
        ("远方市", "", (7, "text_empty")),
        ("远方市", '"远方"市', (7, "syntax")),
        ("示例县", "样例县", (1, "county_differs")),
        ("990001,示例县\n", "", (1, "county_differs")),
    ],
)
def test_refuse_region_with_a_fault(old: str, new: str, fault: tuple[int, str]) -> None:
    assert old in TEXT
    assert fault in faults_of(TEXT.replace(old, new, 1))


def test_refuse_region_that_is_missing_or_in_another_encoding() -> None:
    assert faults_of(None) == [(0, "missing_file")]
    assert faults_of(TEXT.encode("gb18030")) == [(2, "not_utf8")]
