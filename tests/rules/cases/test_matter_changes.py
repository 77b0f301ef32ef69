"""A matter that is edited: what changed, what it must still say, what a newer policy file may do to it."""

from dataclasses import replace
from typing import Any

import pytest

from anju.rules.cases.matter_changes import (
    PARTS,
    Gap,
    Offer,
    beyond,
    changes,
    faults,
    gaps,
    moves_route,
    offered,
    plain,
    read_plain,
)
from anju.rules.cases.matters import Matter, When
from anju.rules.cases.workflow import Amount, Urgency
from tests.rules.cases.test_matters import BOTH, CATALOGUE, POLICY

UNITS = frozenset(unit.code for unit in POLICY.units)
ITEMS = {item.code: item.units for item in POLICY.items if item.units}
PILING = CATALOGUE.matters["WL04"]


def wrong(matter: Matter) -> tuple[str, ...]:
    types, known = BOTH.workflow.types, CATALOGUE.circumstances
    return faults(matter, units=UNITS, items=ITEMS, types=types, circumstances=known)


@pytest.mark.parametrize("code", CATALOGUE.matters)
def test_matter_is_read_back_as_it_was_kept(code: str) -> None:
    matter = CATALOGUE.matters[code]
    assert read_plain(plain(matter)) == matter
    assert wrong(matter) == ()


def test_matter_kept_by_an_older_release_is_read() -> None:
    kept = {name: value for name, value in plain(PILING).items() if name not in ("private", "handle", "when")}
    assert read_plain(kept | {"gone": 1}) == replace(PILING, when=(), handle=None)


def test_part_of_a_matter_has_its_word() -> None:
    assert set(PARTS) == set(plain(PILING)) - {"code"}


def test_changes_are_told_old_beside_new() -> None:
    now = replace(PILING, close_when="清走", handle=Amount.of("6 wd"), emergency=("119",))
    assert [(one.part, one.old, one.new) for one in changes(PILING, now)] == [
        ("handle", str(PILING.handle), "6 wd"),
        ("emergency", list(PILING.emergency), ["119"]),
        ("close_when", PILING.close_when, "清走"),
    ]
    assert changes(PILING, PILING) == ()


@pytest.mark.parametrize(
    ("part", "value", "moves"),
    [
        ("lead", "police", True),
        ("joint", (), True),
        ("when", (), True),
        ("dissuade", False, True),
        ("first", "company", True),
        ("urgency", Urgency.A, True),
        ("handle", Amount.of("9 wd"), True),
        ("name", "乱堆", False),
        ("file_when", "堆了", False),
        ("emergency", ("119",), False),
    ],
)
def test_route_is_confirmed_anew_where_units_or_limits_change(part: str, value: Any, moves: bool) -> None:
    assert moves_route(PILING, replace(PILING, **{part: value})) is moves


def test_beyond_is_what_the_plan_s_list_lacks() -> None:
    assert beyond("police", ["bureau", "town", "police"], ("bureau", "land")) == ("police", "town")
    assert beyond("bureau", [], ("bureau",)) == ()


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [
        ("lead", "army", "没有编号为“army”的单位"),
        ("joint", ("army",), "没有编号为“army”的单位"),
        ("joint", ("law_enforcement",), "主办单位不能同时协办"),
        ("joint", ("bureau", "bureau"), "协办单位不能重复"),
        ("item", "9.9", "没有编号为“9.9”的条目"),
        ("type", "leads", "“类型”里的“leads”没有这一项"),
        ("name", "", "缺少“名称”"),
        ("name", "长" * 41, "“名称”超过 40 个字符"),
        ("file_when", "字" * 10_000, "“立案条件”超过 200 个字符"),
        ("close_when", "清\u202e走", "“结案条件”含有看不见"),
        ("emergency", ("十一九",), "“紧急电话”的写法不对"),
        ("beyond", ("police",), "应写明"),
        ("code", "W1", "“code”的写法不对"),
        ("when", (When("rain"),), "“circumstance”里的“rain”没有这一项"),
        ("when", (When("being_built", lead="army"),), "没有编号为“army”的单位"),
        ("when", (When("Bad"),), "“circumstance”的写法不对"),
    ],
)
def test_edited_matter_is_held_to_the_law_of_the_file(part: str, value: Any, said: str) -> None:
    assert said in "".join(wrong(replace(PILING, **{part: value})))


NEW, OTHER = replace(PILING, close_when="清走"), replace(PILING, close_when="清走并拍照")


@pytest.mark.parametrize(
    ("base", "held", "filed", "then"),
    [
        (PILING, PILING, PILING, Offer.NOTHING),  # the file says nothing new
        (PILING, NEW, PILING, Offer.NOTHING),  # the bureau edited, the file stayed
        (PILING, NEW, NEW, Offer.NOTHING),  # the file caught up with the bureau
        (PILING, None, PILING, Offer.NOTHING),  # the bureau retired it, the file stayed
        (PILING, None, None, Offer.NOTHING),
        (None, NEW, None, Offer.NOTHING),  # the bureau's own, which no file ever named
        (None, None, PILING, Offer.TAKE),  # new in the file
        (PILING, PILING, NEW, Offer.TAKE),  # nobody had touched it
        (PILING, PILING, None, Offer.TAKE),  # no longer listed, nobody had touched it
        (PILING, NEW, OTHER, Offer.ASK),  # both changed it
        (PILING, NEW, None, Offer.ASK),
        (PILING, None, NEW, Offer.ASK),
        (None, NEW, OTHER, Offer.ASK),  # the file uses a code the bureau had given
    ],
)
def test_newer_file_never_overwrites_the_bureau(
    base: Matter | None, held: Matter | None, filed: Matter | None, then: Offer
) -> None:
    assert offered(base=base, held=held, filed=filed) is then


def test_gaps_of_a_matter_are_told_until_somebody_confirms() -> None:
    thrown = CATALOGUE.matters["WL02"]
    assert gaps(thrown, confirmed=False, missing=frozenset()) == (
        Gap("beyond", ("police", "town")),
        Gap("note", ("方案第5项未列公安局",)),
        Gap("route"),
    )
    assert gaps(PILING, confirmed=False, missing=frozenset()) == (Gap("route"),)
    assert gaps(thrown, confirmed=True, missing=frozenset()) == ()


def test_unit_the_county_does_not_have_stays_a_gap() -> None:
    assert gaps(PILING, confirmed=True, missing={"fire", "court"}) == (Gap("unit", ("fire",)),)
