"""The catalogue that ships, and what keeps one from being used."""

import pytest

from anju.rules.lists.catalogue import COLUMNS, GROUPS, INDICATORS, PLAUSIBILITY, parse_catalogue
from anju.rules.lists.headers import heading_key
from anju.rules.policy import parse_policy
from anju.rules.policy_faults import PolicyFaults, sentence
from anju.rules.policy_shapes import LISTS
from tests.house.source import ROOT
from tests.rules.lists.sample import CATALOGUE, files_of, units_of


def faults_of(name: str, old: str = "", new: str = "", *, content: bytes | None = None) -> list[str]:
    files = files_of("demo")
    text = files[name].decode()
    assert old in text
    with pytest.raises(PolicyFaults) as caught:
        parse_catalogue({**files, name: content or text.replace(old, new, 1)}, units=units_of("demo"))
    assert all(sentence(fault) for fault in caught.value.faults)
    return [fault.code for fault in caught.value.faults]


@pytest.mark.parametrize("policy", ["demo", "zhongshan-2024"])
def test_read_catalogue_that_ships_beside_its_policy(policy: str) -> None:
    found = parse_catalogue(files_of(policy), units=units_of(policy))
    assert {one.group for one in found.indicators} == set(GROUPS)
    everything = {path.name: path.read_bytes() for path in (ROOT / "policy" / policy).iterdir()}
    assert set(LISTS) < set(everything)
    assert parse_policy(everything).code == policy


def test_read_catalogue_is_the_same_for_the_demo_county() -> None:
    assert files_of("demo") == files_of("zhongshan-2024")


def test_indicator_is_not_public_unless_it_says_so() -> None:
    files = {name: content.replace(b"public = true\n", b"") for name, content in files_of("demo").items()}
    assert not any(one.public for one in parse_catalogue(files, units=units_of("demo")).indicators)


def test_indicator_that_names_a_person_is_never_public() -> None:
    assert not any(one.public for one in CATALOGUE.indicators if one.type in {"person", "phone"})


def test_heading_is_written_as_headings_are_compared() -> None:
    assert [heading for heading in CATALOGUE.headings if heading_key(heading) != heading] == []


def test_rule_has_its_reason_by_code() -> None:
    assert CATALOGUE.why["buildings_exceed_households"].startswith("幢数多于户数")


def test_refuse_catalogue_without_a_file() -> None:
    with pytest.raises(PolicyFaults) as caught:
        parse_catalogue({}, units=())
    assert [(fault.file, fault.code) for fault in caught.value.faults] == sorted(
        (name, "missing_file") for name in LISTS
    )


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        (INDICATORS, 'type = "area"', 'type = "volume"', "unknown_choice"),
        (INDICATORS, "version = 1", "", "missing_key"),
        (INDICATORS, "[[indicator]]", "[[indicator", "syntax"),
        (INDICATORS, 'answers = ["town", "bureau"]', 'answers = ["nobody"]', "unknown_unit"),
        (INDICATORS, 'code = "site_area"', 'code = "building_area"', "repeated_code"),
        (COLUMNS, 'code = "alias"', 'code = "fee"', "repeated_code"),
        (COLUMNS, '"曾用名"', '"物业费"', "repeated_code"),
        (PLAUSIBILITY, '["buildings", "households"]', '["buildings"]', "wrong_columns"),
        (PLAUSIBILITY, '["buildings", "households"]', '["buildings", "cellars"]', "unknown_choice"),
        (PLAUSIBILITY, 'code = "fee_range_too_wide"', 'code = "fee_out_of_range"', "repeated_code"),
    ],
)
def test_refuse_catalogue_with_a_fault(name: str, old: str, new: str, code: str) -> None:
    assert code in faults_of(name, old, new)


def test_refuse_catalogue_in_another_encoding() -> None:
    assert faults_of(COLUMNS, content="小区".encode("gb18030")) == ["not_utf8"]
