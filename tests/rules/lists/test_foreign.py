"""A row that names another county is doubted; one that only names a street after a far city is not."""

import pytest

from anju.rules.lists.foreign import Home, foreign_division, home_of, short_name
from anju.rules.policy import parse_policy
from anju.rules.policy_region import parse_region
from tests.house.source import ROOT
from tests.rules.lists.sample import CATALOGUE, rows_of

HOME = Home(
    "示例县",
    above=("示例壮族自治区", "样例市"),
    below=("城关镇", "东江镇"),
    others=("别处瑶族自治县", "邻近县", "远方市", "河东区", "样例市"),
    near=("别处瑶族自治县", "邻近县"),
)


def found(heading: str, value: str) -> str:
    row = rows_of(("小区名称", heading), ["示例花园", value])[0]
    doubt = foreign_division(row, HOME, CATALOGUE)
    return dict(doubt.told)["found"] if doubt else ""


@pytest.mark.parametrize(
    ("heading", "value", "foreign"),
    [
        ("城市", "远方", "远方"),
        ("城市", "无名市", "无名市"),
        ("城市", "样例", ""),
        ("城市", "样例市", ""),
        ("县区", "别处", "别处"),
        ("县区", "邻近县", "邻近县"),
        ("县区", "示例", ""),
        ("县区", "某片区", ""),
        ("县区", "邻近老街", "邻近"),
        ("县区", "邻近大道片区", ""),
        ("县区", "河东老街", ""),
        ("地址链", "样例房产网>远方小区", ""),
        ("地址链", "样例房产网>邻近县小区", "邻近县"),
        ("地址链", "样例>邻近>城关", ""),
        ("地址链", "小区>邻近>甲路", "邻近"),
        ("乡镇", "城关镇", ""),
        ("地址", "样例市别处瑶族自治县东环路", "别处瑶族自治县"),
        ("地址", "示例壮族自治区样例市示例县甲路1号", ""),
        ("地址", "示例县甲路1号", ""),
        ("地址", "(河东区甲片区)乙路2号", "河东区"),
        ("地址", "某某省甲路", "某某省"),
        ("地址", "天边县甲路3号", "天边县"),
        ("地址", "天涯市甲路3号", "天涯市"),
        ("地址", "邻近-老街-甲路8号", "邻近"),
        ("地址", "样例-老街-甲路8号", ""),
        ("地址", "远方路8-2号", ""),
        ("地址", "远方路8号", ""),
        ("地址", "县城甲路8号", ""),
        ("地址", "城北菜市场旁", ""),
        ("地址", "", ""),
        ("备注", "邻近县", ""),
    ],
)
def test_foreign_division_named_by_a_row(heading: str, value: str, foreign: str) -> None:
    assert found(heading, value) == foreign


def test_short_name_of_a_division() -> None:
    assert [short_name(name) for name in ("别处瑶族自治县", "样例市", "示例县", "甲县", "示例壮族自治区")] == [
        "别处",
        "样例",
        "示例",
        "甲县",
        "示例",
    ]


def test_home_of_a_policy() -> None:
    files = {path.name: path.read_bytes() for path in (ROOT / "policy" / "demo").iterdir()}
    divisions = parse_policy(files).divisions
    home = home_of(divisions, parse_region(files, divisions))
    assert home == Home(
        "示例县",
        above=("示例省", "样例市"),
        below=tuple(division.name for division in divisions if division.level != "county"),
        others=("邻近县", "别处县", "远方市", "河东区"),
        near=("邻近县", "别处县"),
    )
    assert home.neighbours == ("别处", "邻近")
