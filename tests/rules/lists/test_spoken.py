"""Values in the words of a page."""

from datetime import date

import pytest

from anju.rules.lists.readings import Answer, Moment, Number, Point, Service, Unit, Value, Words
from anju.rules.lists.spoken import spoken


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (Number(1086, 1086, Unit.COUNT), "户", "1,086户"),
        (Number(3, 4, Unit.COUNT, approximate=True), "台", "约3至4台"),
        (Number(13_200_000, 13_200_000, Unit.AREA), "平方米", "13.2万㎡"),
        (Number(13_198_700, 13_198_700, Unit.AREA), "平方米", "13.1987万㎡"),
        (Number(1_234_550, 1_234_550, Unit.AREA), "平方米", "12,345.5㎡"),
        (Number(420_000, 420_000, Unit.AREA), "平方米", "4,200㎡"),
        (Number(120, 150, Unit.FEE), "元/平方米·月", "1.20至1.50元/㎡·月"),
        (Number(2500, 2500, Unit.RATIO), "", "2.5"),
        (Number(3550, 3550, Unit.PERCENT), "%", "35.5%"),
        (Number(70, 70, Unit.YEARS), "年", "70年"),
        (Moment(date(2024, 7, 5), date(2024, 7, 5), "day"), "", "2024-07-05"),
        (Moment(date(2014, 6, 1), date(2014, 6, 30), "month"), "", "2014年6月"),
        (Moment(date(2014, 1, 1), date(2014, 12, 31), "year"), "", "2014年"),
        (Moment(date(2012, 1, 1), date(2014, 12, 31), "span"), "", "2012至2014年"),
        (Words("小区党支部"), "", "小区党支部"),
        (Answer("not_applicable"), "", "不适用"),
        (Service("company", "示例物业公司"), "", "示例物业公司"),
        (Service("company"), "", "物业服务"),
        (Service("unmanaged"), "", "失管"),
        (Service("unknown"), "", "无物业，由谁管理待核实"),
        (Point(1_113_052_000, 245_288_000, "gcj02"), "", "东经111.3052°，北纬24.5288°（GCJ-02）"),
        (Point(1_113_052_000, 245_288_000, "unknown"), "", "东经111.3052°，北纬24.5288°（坐标系未知）"),
    ],
)
def test_say_a_value(value: Value, unit: str, said: str) -> None:
    assert spoken(value, unit) == said
