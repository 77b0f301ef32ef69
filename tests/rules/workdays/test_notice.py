"""The yearly notices as printed, beside the policy's own tables, and what is wrong in them told."""

import pytest

from anju.rules.workdays.notice import BadNotice, read_notice
from anju.rules.workdays.years import Mark, Scope
from tests.rules.workdays.tables import policy_of

NOTICES = {
    2024: """
        一、元旦：1月1日放假，与周末连休。
        二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
        三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
        四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
        五、端午节：6月10日放假，与周末连休。
        六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
        七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。
        节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。
    """,
    2025: """
        一、元旦：1月1日（周三）放假1天，不调休。
        二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
        三、清明节：4月4日（周五）至6日（周日）放假，共3天。
        四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
        五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
        六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。
    """,
    2026: """
        一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
        二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
        三、清明节：4月4日（周六）至6日（周一）放假，共3天。
        四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
        五、端午节：6月19日（周五）至21日（周日）放假，共3天。
        六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
        七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
    """,
}
ACROSS = "一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。"


@pytest.mark.parametrize("year", NOTICES)
def test_read_notice_as_the_policy_has_it(year: int) -> None:
    table = next(one for one in policy_of("zhongshan-2024").years if one.year == year)
    expected = [(day.day, day.mark) for day in table.days if day.scope == Scope.NATIONAL]
    found = read_notice(NOTICES[year], year, cite="示例")
    assert [(day.day, day.mark) for day in found] == expected
    assert {(day.scope, day.cite) for day in found} == {(Scope.NATIONAL, "示例")}


def test_read_notice_names_the_festivals() -> None:
    names = list(dict.fromkeys(day.name for day in read_notice(NOTICES[2025], 2025, cite="示例")))
    assert names == ["元旦", "春节", "清明节", "劳动节", "端午节", "国庆节、中秋节"]


def test_read_notice_with_days_of_the_december_before() -> None:
    found = read_notice(ACROSS, 2019, cite="示例")
    assert [(day.day.isoformat(), day.mark) for day in found] == [
        ("2018-12-29", Mark.WORK),
        ("2018-12-30", Mark.OFF),
        ("2018-12-31", Mark.OFF),
        ("2019-01-01", Mark.OFF),
    ]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", "nothing", ""),
        ("各地区要妥善安排好值班。", "nothing", ""),
        ("一、元旦：1月1日（周五）放假。", "weekday", "1月1日（周五）"),
        ("一、元旦：1月1日至3日放假，共4天。", "count", "共4天"),
        ("一、元旦：1月3日至1日放假。", "span", "1月3日至1日"),
        ("一、元旦：1月32日放假。", "span", "1月32日"),
        ("一、元旦：3日放假。", "span", "0月3日"),
        ("一、元旦：2025年1月1日放假。", "span", "2025年1月1日"),
        ("一、元旦：1月1日至3月1日放假。", "span", "1月1日至3月1日"),
        ("一、元旦：1月1日放假。1月5日上班。", "worked_weekday", ""),
        ("一、元旦：1月1日放假。二、春节：1月1日放假。", "twice", ""),
        ("一、元\0旦：1月1日放假。", "name", ""),
        ("一、：1月1日放假。", "name", ""),
        ("一、" + "元" * 21 + "：1月1日放假。", "name", ""),
        ("一、元旦", "nothing", ""),
    ],
)
def test_refuse_notice_that_contradicts_itself(text: str, code: str, said: str) -> None:
    with pytest.raises(BadNotice) as caught:
        read_notice(text, 2026, cite="示例")
    assert (caught.value.code, caught.value.said) == (code, said)
