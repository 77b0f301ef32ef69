"""The catalogue that ships, files that are refused, and where problems go."""

from dataclasses import replace

import pytest

from anju.rules.cases.matters import MATTERS, Matters, parse_matters
from anju.rules.cases.policy import Cases, parse_cases
from anju.rules.cases.routing import TABLE, WAITS, WORDS, Override, Place, overrides, route, waits_for
from anju.rules.cases.workflow import Amount, Urgency
from anju.rules.policy import Policy, parse_policy
from anju.rules.policy_faults import PolicyFaults, sentence
from anju.rules.policy_shapes import CASES
from tests.house.source import ROOT


def files_of(policy: str = "demo") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (ROOT / "policy" / policy).iterdir()}


POLICY: Policy = parse_policy(files_of())
BOTH: Cases = parse_cases(files_of(), POLICY)
CATALOGUE: Matters = BOTH.matters


def faults_of(old: str, new: str) -> list[tuple[int, str, str]]:
    """The faults of the file with one place changed; a line of 0 stands for the line of that place."""
    text = files_of()[MATTERS].decode()
    assert old in text
    at = text.index(old)
    here = text.count("\n", 0, at) + 1
    with pytest.raises(PolicyFaults) as caught:
        parse_cases({**files_of(), MATTERS: text[:at] + new + text[at + len(old) :]}, POLICY)
    assert all(sentence(fault) for fault in caught.value.faults)
    return [(fault.line - here, fault.code, fault.values.get("value", "")) for fault in caught.value.faults]


def test_catalogue_is_the_same_for_the_demo_county() -> None:
    assert {name: files_of()[name] for name in CASES} == {name: files_of("zhongshan-2024")[name] for name in CASES}
    assert parse_cases(files_of("zhongshan-2024"), parse_policy(files_of("zhongshan-2024"))) == BOTH


def test_catalogue_has_every_matter_of_the_plan() -> None:
    """51 of items 5 to 8, and what corrections (i) add: performance, committees, units' duty, public order, items 1 to 4."""
    counts = {"WL": 10, "TC": 7, "YJ": 10, "SS": 24, "PC": 8, "ZZ": 3, "HT": 1, "XX": 1, "SF": 3, "JF": 1}
    found = [code[:2] for code in CATALOGUE.matters]
    assert {prefix: found.count(prefix) for prefix in found} == counts
    assert {matter.item for matter in CATALOGUE.matters.values()} == {"1.2", *(f"2.{n}" for n in range(1, 9))}
    assert "隐含" in CATALOGUE.matters["TC07"].cite


def test_catalogue_names_matters_in_the_plan_s_words() -> None:
    """A matter of items 5 and 8 that is not marked as implied stands in the text of its item, word for word, in its own way."""
    texts = {item.code: item.text for item in POLICY.items}
    for code in (
        "WL01",
        "WL02",
        "WL03",
        "WL04",
        "WL05",
        "WL06",
        "WL07",
        "WL08",
        "WL09",
        "WL10",
        "SS03",
        "SS04",
        "SS05",
        "SS06",
    ):
        matter = CATALOGUE.matters[code]
        assert matter.name in texts[matter.item], code


def test_catalogue_tells_every_gap_of_the_plan() -> None:
    pending = {code for code, matter in CATALOGUE.matters.items() if matter.pending}
    assert {"WL02", "WL07", "WL09", "WL10", "TC05", "TC06", "SS12", "SS13", "PC03", "PC05"} <= pending
    assert not CATALOGUE.confirmed


def test_catalogue_shows_a_number_before_every_urgent_matter() -> None:
    assert all(matter.emergency for matter in CATALOGUE.matters.values() if matter.urgency is Urgency.A)


def test_catalogue_counts_private_matters_only() -> None:
    assert {code for code, matter in CATALOGUE.matters.items() if matter.private} == {"WL09", "WL10", "JF01"}


def test_tile_leads_to_every_kind_of_matter() -> None:
    assert len(CATALOGUE.tiles) <= 20
    assert {"WL03", "SS01", "YJ06", "SF01", "PC08"} <= {tile.matter for tile in CATALOGUE.tiles}


def test_catalogue_gives_limits_to_the_engine() -> None:
    assert CATALOGUE.limits["handle", "WL03"] == Amount.of("20 wd")
    assert ("handle", "WL01") not in CATALOGUE.limits


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('lead = "bureau"', 'lead = "buro"', (0, "unknown_unit", "buro")),
        ('joint = ["law_enforcement"]', 'joint = ["army"]', (0, "unknown_unit", "army")),
        ('item = "2.5"', 'item = "9.9"', (0, "unknown_item", "9.9")),
        ('type = "enforcement_lead"', 'type = "leads"', (0, "unknown_name", "leads")),
        ('circumstance = "load_bearing"\nurgency', 'circumstance = "rain"\nurgency', (0, "unknown_name", "rain")),
        ('lead = "fire"\nurgency = "a"', 'lead = "firemen"\nurgency = "a"', (0, "unknown_unit", "firemen")),
        ('circumstance = "being_built"', 'circumstances = "being_built"', (0, "unknown_key", "")),
        ('code = "WL02"', 'code = "WL01"', (0, "repeated_code", "WL01")),
        ('beyond = ["police", "town"]', 'beyond = ["police"]', (0, "beyond_differs", "")),
        ('matter = "SS05"', 'matter = "SS99"', (0, "unknown_name", "SS99")),
        ('more = ["SS02"]', 'more = ["SS98"]', (0, "unknown_name", "SS98")),
        ('source = "statute"', 'source = "seed"', (0, "unknown_choice", "seed")),
        ('urgency = "b"', 'urgency = "d"', (0, "unknown_choice", "d")),
    ],
)
def test_refuse_catalogue_with_a_fault(old: str, new: str, fault: tuple[int, str, str]) -> None:
    assert fault in faults_of(old, new)


def test_refuse_a_unit_that_the_item_does_not_name_unsaid() -> None:
    found = faults_of('joint = ["law_enforcement"]', 'joint = ["police"]')
    assert [code for _, code, _ in found] == ["beyond_differs"]


def test_refuse_policy_without_its_cases() -> None:
    files = {name: content for name, content in files_of().items() if name not in CASES}
    with pytest.raises(PolicyFaults) as caught:
        parse_cases(files, POLICY)
    assert [(fault.file, fault.code) for fault in caught.value.faults] == [
        (name, "missing_file") for name in sorted(CASES)
    ]


def test_refuse_catalogue_that_is_no_toml() -> None:
    with pytest.raises(PolicyFaults, match="syntax"):
        parse_matters("[[matter", units=frozenset(), items={}, types=frozenset())


PLACE = Place("town_dongjiang", has_company=True, has_owners_org=True)


def routed(code: str, place: Place = PLACE, *, confirmed: bool = True) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    found = route(CATALOGUE.matters[code], place, confirmed=confirmed)
    return found.lead, found.joint, found.reasons


def test_route_by_catalogue() -> None:
    found = route(CATALOGUE.matters["SS10"], PLACE, confirmed=True)
    assert (found.lead, found.joint, found.first, found.single) == ("fire", ("bureau",), "company", True)
    assert found.reasons == ("by_catalogue",)


def test_route_waits_for_the_county_to_confirm() -> None:
    assert not route(CATALOGUE.matters["SS10"], PLACE, confirmed=False).single
    assert route(CATALOGUE.matters["SS10"], PLACE, confirmed=True).single
    assert routed("WL02", confirmed=False) == (
        "police",
        ("law_enforcement", "town_dongjiang"),
        ("by_catalogue", "own_town", "to_be_confirmed"),
    )


def test_route_piling_in_a_fire_lane_to_the_fire_brigade_at_once() -> None:
    blocked = replace(PLACE, circumstances=frozenset({"blocks_fire_lane", "trapped"}))
    found = route(CATALOGUE.matters["WL04"], blocked, confirmed=True)
    assert (found.lead, found.joint, found.urgency, found.dissuader) == (
        "fire",
        ("law_enforcement", "bureau"),
        Urgency.A,
        "",
    )


def test_route_lets_the_company_dissuade_first_unless_it_is_about_the_company() -> None:
    wanted = {
        "company": PLACE,
        "owners_org": replace(PLACE, respondents=frozenset({"company"})),
        "": replace(PLACE, has_company=False, has_owners_org=False),
    }
    for dissuader, place in wanted.items():
        assert route(CATALOGUE.matters["WL01"], place, confirmed=True).dissuader == dissuader


def test_route_to_the_compound_s_own_town() -> None:
    assert routed("TC05")[0] == "town_dongjiang"


def test_route_without_a_company() -> None:
    alone = replace(PLACE, has_company=False)
    assert route(CATALOGUE.matters["SS07"], alone, confirmed=True).first == ""
    supervised = route(CATALOGUE.matters["SS07"], replace(alone, has_supervising_unit=True), confirmed=True)
    assert supervised.first == "supervising_unit"
    assert supervised.reasons == ("by_catalogue", "own_town", "no_company")
    under_warranty = replace(PLACE, circumstances=frozenset({"in_warranty"}))
    assert route(CATALOGUE.matters["SS06"], under_warranty, confirmed=True).first == "developer"


def test_route_never_gives_a_unit_its_own_case() -> None:
    assert routed("PC01", replace(PLACE, respondents=frozenset({"bureau"})))[0] == ""
    assert routed("SS10", replace(PLACE, respondents=frozenset({"bureau"})))[:2] == ("fire", ())
    assert not route(
        CATALOGUE.matters["PC01"], replace(PLACE, respondents=frozenset({"bureau"})), confirmed=True
    ).single


def test_row_of_the_table_has_its_words() -> None:
    assert [row.reason for row in TABLE] == list(WORDS)


def test_override_is_listed_for_the_monthly_correction() -> None:
    told = [
        ("WL01", "bureau", "bureau"),
        ("WL02", "police", "town"),
        ("SS01", "", "market"),
        ("WL02", "police", "town"),
    ]
    assert overrides(told) == (Override("WL02", "town", 2), Override("SS01", "market", 1))


@pytest.mark.parametrize(
    ("place", "confirmed", "auto", "whole", "waits"),
    [
        (PLACE, True, True, True, ()),
        (PLACE, True, False, True, ("by_hand",)),
        (PLACE, False, True, True, ("to_be_confirmed",)),
        (PLACE, True, True, False, ("unit_missing",)),
        (replace(PLACE, respondents=frozenset({"fire"})), True, True, False, ("no_lead",)),
    ],
)
def test_system_dispatches_only_where_nothing_is_open(
    place: Place, confirmed: bool, auto: bool, whole: bool, waits: tuple[str, ...]
) -> None:
    way = route(CATALOGUE.matters["SS10"], place, confirmed=confirmed)
    assert waits_for(way, auto=auto, whole=whole) == waits
    assert set(waits) <= set(WAITS)


def test_system_does_not_dispatch_before_the_dissuasion() -> None:
    way = route(CATALOGUE.matters["WL01"], PLACE, confirmed=True)
    assert waits_for(way, auto=True, whole=True) == ("dissuade_first",)
