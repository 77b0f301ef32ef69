"""Whether a row's compound is one we know: linked where nothing speaks against it, asked about where something might, else new."""

import dataclasses
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.rules.lists.addresses import AGREES, DIFFERS, UNSAID, House, address_agreement, houses_of
from anju.rules.lists.likeness import differing, is_one_phase, stem_of, without_place
from anju.rules.lists.matching import LIKELY, NONE, OFFERED, SAME, Described, Index, KnownCompound, Match, described
from anju.rules.lists.reasons import match_sentence
from tests.rules.lists.sample import rows_of

HERE = (1_115_581_210, 244_011_870)
STEP = 9_000  # some 100 m to the north


def away(steps: int) -> tuple[int, int]:
    return HERE[0], HERE[1] + steps * STEP


def said(
    name: str, address: str = "", town: str = "", point: tuple[int, int] | None = None, *aliases: str, **more: str
) -> Described:
    places = {**more, **({"town": town} if town else {})}
    return Described(name, aliases, places, address, point)


def match(sought: Described, *known: Described) -> Match:
    return Index(KnownCompound(pk, one) for pk, one in enumerate(known, start=1)).match(sought)


def codes(found: Match) -> list[str]:
    return [reason.code for reason in found.reasons]


def told(found: Match) -> str:
    return "".join(match_sentence(reason.code, dict(reason.told)) for reason in found.reasons)


@pytest.mark.parametrize(
    ("sought", "known"),
    [
        (said("示例花园"), said("示例花园")),
        (said("示例 · 花园"), said("示例花园", "甲路1号", "城东镇", HERE)),
        (said("示例花园"), said("样例小区", "", "", None, "示例花园")),
        (said("样例小区", "", "", None, "示例花园"), said("示例花园")),
        (said("示例花园(甲路8号)"), said("示例花园", "城东镇甲路8号")),
        (said("示例花园", "", "城东"), said("示例花园", "", "城东镇")),
        (said("示例花园", city="邻市"), said("示例花园（邻市）", "甲路8号", city="邻市")),
        (said("示例花园(邻市新区)", city="邻市"), said("示例花园", city="邻市", district="新区")),
        (said("示例花园", city="邻市"), said("示例花园（邻市新区）", city="邻市", district="新区")),
        (said("示例花园", community="城北居委会"), said("示例花园", community="城北社区")),
        (said("示例花园", "示例市示例县甲路8号"), said("示例花园", "甲路8-2号(乙路口)")),
        (said("示例花园", "甲路8号", "", HERE), said("示例花园", "乙路3号", "", away(4))),
        (said("示例花园", "某某市场旁"), said("示例花园", "某某市场旁边")),
    ],
)
def test_match_of_one_name_that_nothing_contradicts_is_the_same(sought: Described, known: Described) -> None:
    found = match(sought, known, said("别的小区"))
    assert (found.kind, found.pk) == (SAME, 1)


@pytest.mark.parametrize(
    ("sought", "known", "sentence"),
    [
        (said("示例花园", "", "城东镇"), said("示例花园", "", "西河镇"), "库中的在西河镇，这里写的是城东镇。"),
        (said("示例花园", community="甲社区"), said("示例花园", community="乙社区"), "库中的在乙社区"),
        (said("示例花园", "甲路1号"), said("示例花园", "乙路1号"), "地址不符，库中的是乙路1号。"),
        (said("示例花园", "甲路1号"), said("示例花园", "甲路99号"), "地址不符，库中的是甲路99号。"),
        (said("示例花园", "", "", HERE), said("示例花园", "", "", away(6)), "坐标相距 600 米，过远。"),
        (said("示例花园", "甲路1号", "", HERE), said("示例花园", "乙路1号", "", away(60)), "坐标相距 6005 米，过远。"),
        (said("示例花园", "甲路1号", "", HERE), said("示例花园", "甲路1号", "", away(60)), "地址相符：甲路1号。"),
    ],
)
def test_match_of_one_name_that_something_contradicts_is_asked_about(
    sought: Described, known: Described, sentence: str
) -> None:
    found = match(sought, known)
    assert (found.kind, found.pk) == (LIKELY, 1)
    assert sentence in told(found)


@pytest.mark.parametrize(
    "known",
    [
        said("示例花园", city="远方市"),
        said("示例花园", district="邻近县"),
        said("示例花园", "乙路1号", "西河镇", HERE, city="样例市"),
    ],
)
def test_match_of_one_name_elsewhere_is_none(known: Described) -> None:
    sought = said("示例花园", "甲路1号", "城东镇", away(60), city="样例", district="示例县")
    assert match(sought, known) == Match(NONE)
    assert match(sought, known).pk is None
    assert match(sought, known).reasons == ()


def test_place_behind_a_name_that_is_not_its_own_is_name() -> None:
    assert match(said("示例花园", city="邻市"), said("示例花园（远市）", city="邻市")).kind == LIKELY


def test_point_of_unknown_system_may_be_farther_off() -> None:
    known = said("示例花园", "甲路1号", "", away(15))
    unsure = Described("示例花园", point=HERE, approximate=True)
    assert match(unsure, known).kind == SAME
    assert match(dataclasses.replace(unsure, approximate=False), known).kind == LIKELY
    assert match(dataclasses.replace(unsure, point=away(-30)), known).kind == LIKELY
    assert match(dataclasses.replace(unsure, point=away(-30), address="甲路1号"), known).kind == SAME


def test_match_among_several_of_one_name_needs_something_that_speaks_for_one() -> None:
    east, west = said("示例花园", "甲路1号", "城东镇"), said("示例花园", "乙路2号", "西河镇")
    open_ = match(said("示例花园"), east, west)
    assert (open_.kind, [one.pk for one in open_.candidates]) == (LIKELY, [1, 2])
    assert told(open_) == "城东镇、西河镇各有 1 个同名。与库中“示例花园”同名。"
    assert match(said("示例花园", "乙路2号"), east, west).pk == 2
    assert match(said("示例花园", "乙路2号"), east, west).kind == SAME
    assert match(said("示例花园", "", "西河镇"), east, west).kind == SAME
    assert match(said("示例花园", "", "城东镇"), east, east).kind == LIKELY
    assert "城东镇有 2 个同名" in told(match(said("示例花园"), east, east))
    assert "库中有 2 个同名" in told(match(said("示例花园"), east, said("示例花园")))
    both = match(said("示例花园", "", "", None, "样例苑"), said("示例花园", "", "", None, "样例苑"))
    assert (both.kind, len(both.candidates)) == (SAME, 1)


@pytest.mark.parametrize(
    ("sought", "known", "code"),
    [
        (said("示例小区"), said("示例"), "name_stem"),
        (said("示例城一期"), said("示例城"), "name_stem"),
        (said("示例城(南区)"), said("示例城"), "name_stem"),
        (said("示例苑", "甲路1号"), said("示例花园", "甲路1号"), "name_stem"),
        (said("示例庭园", "", "", HERE), said("示例庭院", "", "", HERE), "name_near"),
        (said("示例县粮食局宿舍", "甲路3号"), said("示例粮食局宿舍", "甲路3号"), "name_near"),
        (said("甲企·示例城", "甲路3号"), said("示例城", "甲路3号"), "name_contains"),
    ],
)
def test_match_of_a_name_alike_is_asked_about(sought: Described, known: Described, code: str) -> None:
    found = match(sought, known)
    assert (found.kind, codes(found)[0]) == (LIKELY, code)
    assert told(found).startswith("库中无此名")


@pytest.mark.parametrize(
    ("sought", "known"),
    [
        (said("示例城一期"), said("示例城二期")),
        (said("示例苑"), said("示例花园")),
        (said("示例小区", "甲路1号"), said("示例", "乙路1号")),
        (said("示例小区", city="样例市"), said("示例", city="远方市")),
        (said("示例庭园"), said("示例庭院")),
        (said("示例庭园", "", "", HERE), said("示例庭院", "", "", away(1))),
        (said("甲一大院", "甲路3号"), said("甲二大院", "甲路3号")),
        (said("丙丁大厦", "甲路3号"), said("示例大院", "甲路3号")),
        (said("示例庭园", "甲路3号", "城东镇"), said("示例庭院", "甲路3号", "西河镇")),
    ],
)
def test_match_of_another_name_is_none(sought: Described, known: Described) -> None:
    assert match(sought, known) == Match(NONE)


def test_match_offers_few_and_not_what_lies_where_everything_lies() -> None:
    crowd = [said(f"示例庭{sign}", "", "", HERE) for sign in "甲丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥乙丙"]
    assert match(said("示例庭院", "", "", HERE), *crowd) == Match(NONE)
    few = match(said("示例庭院", "", "", HERE), *crowd[:9])
    assert (few.kind, len(few.candidates)) == (LIKELY, OFFERED)


def test_match_compound_that_an_earlier_row_has_made() -> None:
    index = Index([])
    assert index.match(said("示例花园")).kind == NONE
    index.add(KnownCompound(7, said("示例花园")))
    assert index.match(said("示例花园")).pk == 7


def test_describe_compound_of_a_row() -> None:
    row = rows_of(
        ("小区名称", "别名", "城市", "乡镇", "地址", "经纬度(百度)"),
        ["示例花园", "样例苑", "样例市", "城东镇", "甲路1号", "111.558121,24.401187"],
    )[0]
    found = described(row)
    places: Mapping[str, str] = {"city": "样例市", "town": "城东镇"}
    assert (found.name, found.aliases, found.places, found.address) == ("示例花园", ("样例苑",), places, "甲路1号")
    assert found.point is not None
    assert not found.approximate
    assert described(rows_of(("小区名称", "地址"), ["示例花园", ""])[0]) == Described("示例花园")


@pytest.mark.parametrize(
    ("address", "houses"),
    [
        ("", ()),
        ("市场旁", ()),
        ("示例市示例县城东镇甲路8号", (House("甲路", 8),)),
        ("甲路8-2号(乙路与丙大道交汇处)", (House("甲路", 8), House("乙路", 0), House("丙大道", 0))),
        ("东环路一巷5号", (House("东环路一巷", 5),)),
        ("甲乙大道东段12号", (House("甲乙大道", 12),)),
    ],
)
def test_read_houses_of_an_address(address: str, houses: tuple[House, ...]) -> None:
    assert houses_of(address) == houses


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("甲乙路8号", "示例县甲乙路8号", AGREES),
        ("甲乙路8号", "城区甲乙路", AGREES),
        ("甲乙路8号", "甲乙路16号", AGREES),
        ("甲乙路8号", "甲乙路61号", DIFFERS),
        ("甲乙路8号", "丙丁路8号", DIFFERS),
        ("甲乙路8号", "市场旁", UNSAID),
        ("", "甲乙路8号", UNSAID),
    ],
)
def test_hold_addresses_against_each_other(one: str, other: str, agreement: str) -> None:
    assert address_agreement(houses_of(one), houses_of(other)) == agreement


@pytest.mark.parametrize(
    ("name", "text", "marks"),
    [
        ("示例花园一期", "示例", {"一期"}),
        ("示例小区", "示例", set()),
        ("示例住宅小区", "示例", set()),
        ("示例城A区", "示例城", {"a区"}),
        ("示例城(别墅)", "示例城", {"别墅"}),
        ("甲苑", "甲苑", set()),
        ("花园小区", "花园", set()),
    ],
)
def test_stem_of_a_name(name: str, text: str, marks: set[str]) -> None:
    assert (stem_of(name).text, set(stem_of(name).marks)) == (text, marks)
    assert is_one_phase(stem_of(name), stem_of(name))


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("示例花园(甲路8号)", ("示例花园", "甲路8号")),
        ("示例花园（城东区）", ("示例花园", "城东区")),
        ("示例花园(南区)", ("示例花园(南区)", "")),
        ("示例花园(一区)", ("示例花园(一区)", "")),
        ("(甲路8号)", ("(甲路8号)", "")),
        ("示例花园", ("示例花园", "")),
    ],
)
def test_place_in_brackets_behind_a_name(name: str, split: tuple[str, str]) -> None:
    assert without_place(name) == split


@given(st.text("示例甲乙丙丁12一二", min_size=1, max_size=9), st.text("示例甲乙丙丁12一二", min_size=1, max_size=9))
def test_differing_is_the_same_either_way(one: str, other: str) -> None:
    assert differing(one, other) == differing(other, one)
    assert differing(one, one) is None


NAMES = st.sampled_from(["示例花园", "示例小区", "示例", "示例城一期", "样例苑", "样例苑(甲路3号)", "示例花苑"])
SAID = st.builds(
    said,
    NAMES,
    st.sampled_from(["", "甲路1号", "甲路3号", "乙路"]),
    st.sampled_from(["", "城东镇", "西河镇"]),
    st.sampled_from([None, HERE, away(1), away(8)]),
)


@given(SAID, st.lists(SAID, max_size=6))
def test_match_says_why_and_knows_itself(sought: Described, known: list[Described]) -> None:
    found = match(sought, *known)
    assert (found.kind == NONE) == (not found.candidates)
    assert len({one.pk for one in found.candidates}) == len(found.candidates)
    for one in found.candidates:
        assert one.reasons
        for reason in one.reasons:
            assert "{" not in match_sentence(reason.code, dict(reason.told))
    assert match(sought, sought).kind == SAME
