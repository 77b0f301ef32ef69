"""The real lists, read from where they lie and never copied: figures that a change of the rules must not spoil."""

import csv
from collections.abc import Iterator
from decimal import Decimal

import pytest

from anju.rules.lists.cells import read_cell
from anju.rules.lists.readings import Doubtful, Known, Missing, Moment, Number, Placeholder, Reading, Service
from tools.list_figures import catalogue, folder, lists, measure, summary

pytestmark = pytest.mark.skipif(
    not lists(), reason=f"the real lists are not at {folder().name}; set ANJU_REAL_LISTS to their folder"
)
YEAR = 2020
TYPES = {
    "物业费": ("fee", 100),
    "户数": ("households", 1),
    "楼栋数": ("buildings", 1),
    "建筑面积": ("area", 100),
    "年代": ("year", 1),
    "物业公司占位值": ("service", 1),
}
AGREED = "agreed"
# Where our reading is not the constructed one, or there is none: field, class, our outcome -> why ours is right.
EXPLAINED = {
    ("物业费", "range", "finer_than_fen"): "an end of tenths of a fen: asked, because money is kept in fen and never rounded in silence",
    ("物业费", "other", "missing"): "a marker for nothing with the unit behind it",
    ("户数", "other", "wrong_kind"): "buildings under households, most likely shifted",
    ("户数", "other", "several_values"): "homes and hotel flats side by side: which are households is not ours to say",
    ("户数", "other", "has_remark"): "one figure with a remark that may be part of it: proposed",
    ("户数", "other", "known"): "套 counts homes as 户 does; a total followed by its parts in brackets is the total",
    ("楼栋数", "other", "wrong_kind"): "a company, or storeys, under buildings",
    ("楼栋数", "other", "known"): "buildings with their storeys behind",
    ("楼栋数", "other", "has_remark"): "one number of buildings in a sentence: proposed",
    ("楼栋数", "other", "several_values"): "several kinds of buildings, or their numbers: adding them up is left to a person",
    ("建筑面积", "other", "known"): "thousands, 亩, full stops and about are read",
    ("建筑面积", "other", "has_remark"): "a sentence or what is left of one: its first area is proposed",
    ("建筑面积", "other", "several_values"): "two areas of different meaning",
    ("年代", "other", "wrong_kind"): "households, or a number that is no year",
    ("年代", "other", "known"): "a number that could be a year; plausibility doubts it (1868, 2150)",
    ("年代", "other", "unreadable"): "shops and offices counted by 间",
    ("物业公司占位值", "no_company", "generic_name"): "the heading as a value: nothing is known, not that there is no company",
    ("物业公司占位值", "no_company", "service_unclear"): "whose private hands, or whose own management, is not said",
}  # fmt: skip


def formats() -> Iterator[tuple[tuple[str, str, str], str]]:
    with (folder() / "field_formats_raw_values.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            type_, scale = TYPES[row["field"]]
            reading = read_cell(row["raw_value"].strip(), type_, latest=YEAR)
            ends = [row[f"parsed_{end}_constructed"] for end in ("min", "max")]
            wanted = [int(Decimal(end) * scale) for end in ends if end]
            yield (
                (row["field"], row["class_constructed"], outcome(row["class_constructed"], reading, wanted)),
                row["raw_value"],
            )


def outcome(class_: str, reading: Reading, wanted: list[int]) -> str:
    if isinstance(reading, Doubtful):
        return reading.reason
    if isinstance(reading, Missing | Placeholder):
        expected = {"missing": Missing, "zero_placeholder": Placeholder}.get(class_)
        return AGREED if expected and isinstance(reading, expected) else type(reading).__name__.lower()
    assert isinstance(reading, Known)
    if isinstance(reading.value, Number):
        return AGREED if [reading.value.low, reading.value.high] == wanted else "known"
    if isinstance(reading.value, Moment):
        return AGREED if [reading.value.first.year, reading.value.last.year] == wanted else "known"
    assert isinstance(reading.value, Service)
    return "company" if reading.value.state == "company" else AGREED


def test_read_raw_values_as_constructed_or_for_a_stated_reason() -> None:
    found = list(formats())
    strange = [f"{key}: {raw}" for key, raw in found if key[2] != AGREED and key not in EXPLAINED]
    assert len(found) > 900
    assert strange == []
    assert set(EXPLAINED) == {key for key, _ in found if key[2] != AGREED}


def test_flag_labelled_rows_and_leave_the_others() -> None:
    """At least 95 % of the labelled rows for their reason; at most 10 % of the others doubted at all, in every large list."""
    known = catalogue()
    figures = {path.name: measure(path, known) for path in lists()}
    told = summary(figures)
    assert isinstance(told["flagged_share"], float)
    assert told["flagged_share"] >= 0.95, told["missed"]
    assert isinstance(told["doubted_share"], float)
    assert told["doubted_share"] <= 0.10
    assert [name for name, one in figures.items() if one.others > 1000 and one.doubted > one.others // 10] == []
    assert {name: one.rejected for name, one in figures.items() if one.rejected} == {}
