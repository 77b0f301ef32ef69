"""What each parser makes of a cell: constructed look-alikes, one line each."""

from datetime import date

import pytest

from anju.rules.lists.cells import read_cell
from anju.rules.lists.readings import (
    Answer,
    Doubtful,
    Known,
    Missing,
    Moment,
    Number,
    Placeholder,
    Point,
    Reading,
    Rejected,
    Service,
    Unit,
    Value,
    Words,
    value_of,
)

HEADINGS = frozenset({"物业公司", "物业服务费", "开发商"})
Spec = tuple[object, ...]


def read(text: str, type_: str, *, unit: str = "", zero: bool = False) -> Reading:
    return read_cell(text, type_, latest=2026, unit=unit, zero=zero, headings=HEADINGS)


def known(text: str, type_: str, *, unit: str = "", zero: bool = False) -> Value:
    reading = read(text, type_, unit=unit, zero=zero)
    assert isinstance(reading, Known), reading
    return reading.value


def about(reading: Reading) -> str:
    """Return the reason of a doubt, with the kind found, for comparing in one line."""
    assert isinstance(reading, Doubtful), reading
    return f"{reading.reason}:{reading.found}" if reading.reason == "wrong_kind" else reading.reason


@pytest.mark.parametrize(
    "text",
    [
        "",
        "暂无资料",
        "暂无信息 平方米",
        "暂无资料 元/㎡·月",
        "暂无具体信息",
        "尚未出具体规划",
        "约……",
        "不详",
        "-",
        "--",
        "—",
        "/",
        "N/A",
        "暂无相关资料",
        "平方米",
        "待定",
        "无",
        "没有",
        "null",
        "…",
    ],
)
@pytest.mark.parametrize("type_", ["area", "fee", "households", "year", "ratio", "point", "phone", "organisation"])
def test_read_marker_of_nothing_is_missing(text: str, type_: str) -> None:
    reading = read(text, type_)
    assert isinstance(reading, Missing) or (text == "平方米" and isinstance(reading, Known | Doubtful))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("62,000 平方米", 6_200_000, 6_200_000),
        ("１２３４５㎡", 1_234_500, 1_234_500),
        ("１，２３４㎡", 123_400, 123_400),
        ("1,000,000平方米", 100_000_000, 100_000_000),
        ("7640.06 (㎡)", 764_006, 764_006),
        ("9600.333333333333 m2", 960_033, 960_033),
        ("12.6万㎡", 12_600_000, 12_600_000),
        ("约30万方", 30_000_000, 30_000_000),
        ("1亿平方米", 10_000_000_000, 10_000_000_000),
        ("3亩", 200_000, 200_000),
        ("1.5公顷", 1_500_000, 1_500_000),
        ("2平方公里", 200_000_000, 200_000_000),
        ("8000-9000平方米", 800_000, 900_000),
        ("800", 80_000, 80_000),
        ("800&#160;", 80_000, 80_000),
        ("8\u00a0000\u200b平米", 0, 0),
        ("5000㎡（约7.5亩）", 500_000, 500_000),
        ("总建筑面积约5000㎡。", 500_000, 500_000),
        (".5万㎡", 500_000, 500_000),
    ],
)
def test_read_area_in_hundredths_of_a_square_metre(text: str, low: int, high: int) -> None:
    if not low:
        assert about(read(text, "area")) == "several_values"
        return
    value = known(text, "area")
    assert isinstance(value, Number)
    assert (value.low, value.high, value.unit) == (low, high, Unit.AREA)


def test_read_area_remembers_the_unit_it_was_given_in() -> None:
    given = {
        text: value.given for text in ("3亩", "2万㎡", "2㎡", "2") if isinstance(value := known(text, "area"), Number)
    }
    assert given == {"3亩": "亩", "2万㎡": "万m2", "2㎡": "", "2": ""}


def test_read_area_under_a_heading_that_names_the_unit() -> None:
    assert known("12.5", "area", unit="万m2") == known("12.5万㎡", "area")
    assert known("12.5㎡", "area", unit="万m2") == known("12.5㎡", "area")


@pytest.mark.parametrize(
    ("text", "type_", "low", "high", "approximate"),
    [
        ("520 户", "households", 520, 520, False),
        ("约550户", "households", 550, 550, True),
        ("1700多户", "households", 1700, 1700, True),
        ("600套", "households", 600, 600, False),
        ("总户数2368户 当期户数768户", "households", 2368, 2368, False),
        ("2394（一期738，住宅734、商铺4）", "households", 2394, 2394, False),
        ("18栋", "buildings", 18, 18, False),
        ("十二幢", "buildings", 12, 12, False),
        ("一百零二栋", "buildings", 102, 102, False),
        ("两栋", "buildings", 2, 2, False),
        ("29栋31-33层", "buildings", 29, 29, False),
        ("2.5", "ratio", 2500, 2500, False),
        ("2.0-2.5", "ratio", 2000, 2500, False),
        ("2.5至2.0", "ratio", 2000, 2500, False),
        ("＞3.0", "ratio", 3000, 3000, True),
        ("41.80%", "percent", 4180, 4180, False),
        ("35 ％", "percent", 3500, 3500, False),
        ("33% %", "percent", 3300, 3300, False),
        ("30%(一般)", "percent", 3000, 3000, False),
        ("绿化率达35%以上", "percent", 3500, 3500, True),
        ("30", "percent", 3000, 3000, False),
        ("70年", "term", 70, 70, False),
        ("住宅70年产权", "term", 70, 70, False),
        ("70年 从开发商拿地时算起", "term", 70, 70, False),
        ("2台", "lifts", 2, 2, False),
        ("第3届", "terms", 3, 3, False),
        ("第二届", "terms", 2, 2, False),
        ("十一届", "terms", 11, 11, False),
        ("第三届业委会", "terms", 3, 3, False),
        ("首届", "terms", 1, 1, False),
    ],
)  # fmt: skip
def test_read_figure_of_its_column(text: str, type_: str, low: int, high: int, approximate: bool) -> None:
    reading = read(text, type_)
    value = value_of(reading)
    assert isinstance(value, Number)
    assert (value.low, value.high, value.approximate) == (low, high, approximate)
    assert isinstance(reading, Known)


@pytest.mark.parametrize(
    ("text", "type_", "reason"),
    [
        ("首届未成立", "terms", "unreadable"),
        ("首届2019年，第二届2022年", "terms", "wrong_kind:term"),
        ("2业委会", "terms", "has_remark"),
        ("8栋", "households", "wrong_kind:buildings"),
        ("3栋商住楼和1栋住宅楼", "households", "wrong_kind:buildings"),
        ("512户", "year", "wrong_kind:households"),
        ("660", "year", "wrong_kind:number"),
        ("12345.6", "year", "wrong_kind:number"),
        ("35%", "ratio", "wrong_kind:percent"),
        ("%", "ratio", "wrong_kind:percent"),
        ("示例市甲房地产开发有限公司", "buildings", "wrong_kind:organisation"),
        ("70年", "bays", "wrong_kind:term"),
        ("6层步梯房", "buildings", "wrong_kind:storeys"),
        ("285个", "percent", "wrong_kind:bays"),
        ("205046.64㎡", "organisation", "wrong_kind:area"),
        ("约15万㎡", "organisation", "wrong_kind:area"),
        ("15万㎡（一期约2万㎡）", "organisation", "wrong_kind:area"),
        ("10000", "organisation", "wrong_kind:number"),
        ("82%", "text", "wrong_kind:percent"),
        ("参考价：4394元/平方米", "service", "wrong_kind:money"),
        ("52㎡", "fee", "wrong_kind:area"),
        ("每平方米35%", "fee", "wrong_kind:percent"),
        ("70年", "year", "wrong_kind:term"),
        ("3001", "year", "wrong_kind:number"),
        ("3001-3002", "year", "wrong_kind:number"),
        ("示例区甲园28号", "service", "wrong_kind:address"),
        ("123", "name", "wrong_kind:number"),
        ("1536 户（含44套地下室）", "households", "has_remark"),
        ("118（2套商铺）", "households", "has_remark"),
        ("3550.12㎡，有4栋4层的别墅组成。", "area", "has_remark"),
        ("住宅2390套，酒店公寓1000套", "households", "several_values"),
        ("一栋15层和一栋30层", "buildings", "several_values"),
        ("住宅70年；公寓50年", "term", "several_values"),
        ("至2044年", "term", "unreadable"),
        ("余0年，剩", "term", "unreadable"),
        ("的设计思路", "percent", "unreadable"),
        ("9" * 50, "area", "unreadable"),
        ("3O户", "households", "letter_in_number"),
        ("-500 平方米", "area", "negative"),
        ("3.5户", "households", "not_whole"),
        ("1.2E+05", "area", "number_spoiled_here"),
        ("1.2E+05", "fee", "number_spoiled_here"),
        ("请输入面积", "area", "form_prompt"),
        ("问物业", "area", "hearsay"),
        ("问物业", "fee", "hearsay"),
        ("问物业", "year", "hearsay"),
        ("不知道开发商叫什么", "organisation", "hearsay"),
        ("输入房产公司名称", "organisation", "form_prompt"),
        ("暂无资料售楼地址示例路1号", "organisation", "several_fields"),
        ("物业公司", "organisation", "heading_as_value"),
        ("品牌开发商", "organisation", "generic_name"),
        ("示例市甲房地产开发有限...", "organisation", "truncated"),
        ("甲置业有限公司[房企申请入驻]", "organisation", "site_suffix"),
        ("[交通图]", "organisation", "site_suffix"),
        ("示例?广场", "name", "lost_signs"),
        ("？示例公司", "organisation", "lost_signs"),
        ("0.6元/户/月", "fee", "fee_basis"),
        ("0-1.2元/平米/月", "fee", "fee_from_nothing"),
        ("3至1.2元/平米/月", "fee", "range_reversed"),
        ("1.094至1.48元/平米/月", "fee", "finer_than_fen"),
        ("多层0.6元/㎡，高层1.2元/㎡", "fee", "several_values"),
        ("统一1.2元，不另收", "fee", "has_remark"),
        ("按实际", "fee", "unreadable"),
        ("0元，免费", "fee", "unreadable"),
        ("2005-13", "year", "no_such_day"),
        ("2005-02-30", "date", "no_such_day"),
        ("01世纪90年代", "year", "no_such_day"),
        ("38504", "year", "serial_of_a_day"),
        ("2005年建成后扩建", "year", "has_remark"),
        ("2005年一期，2008年二期", "year", "several_values"),
        ("九几年", "year", "unreadable"),
        ("有/无", "answer", "two_answers"),
        ("基本有", "answer", "half_answer"),
        ("已成立（2021年5月）", "answer", "has_remark"),
        ("是 5月起", "answer", "has_remark"),
        ("是/五月", "answer", "has_remark"),
        ("5栋", "answer", "unreadable"),
        ("5280000", "phone", "phone_no_area_code"),
        ("12", "phone", "phone_not_a_phone"),
        (";;", "phone", "phone_not_a_phone"),
        ("91450000000000000X", "credit_code", "bad_credit_code"),
        ("请输入电话", "phone", "form_prompt"),
        ("24.4", "point", "unreadable"),
        ("abc,def", "point", "unreadable"),
        ("0.0065,0.006", "point", "outside_country"),
        ("东", "longitude", "unreadable"),
        ("私人承办物业", "service", "service_unclear"),
        ("开发商自管", "service", "service_unclear"),
        ("自管", "service", "service_unclear"),
        ("甲物业有限公...", "service", "truncated"),
        ("[详情]", "service", "site_suffix"),
        ("#REF!", "area", "sheet_error"),
        ("#####", "fee", "sheet_error"),
        ("甲" * 1001, "text", "too_long"),
        ("甲" * 501, "text", "too_long"),
        ("520\x00户", "households", "control_characters"),
    ],
)  # fmt: skip
def test_read_doubtful_cell_for_its_reason(text: str, type_: str, reason: str) -> None:
    assert about(read(text, type_)) == reason


@pytest.mark.parametrize(
    ("text", "type_", "reason"),
    [
        ("1.38E+10", "phone", "number_spoiled"),
        ("13800000000", "phone", "number_spoiled"),
        ("4.51122E+17", "credit_code", "number_spoiled"),
        ("914500000000000000", "credit_code", "number_spoiled"),
        ("021-5555555/1.38E+10", "phone", "number_spoiled"),
        ("", "name", "name_empty"),
        ("暂无资料", "name", "name_empty"),
        ("\u200b", "name", "name_deceiving"),
        ("甲" * 101, "name", "name_too_long"),
        ("甲" * 2000, "name", "name_too_long"),
        ("甲\x00", "name", "name_control"),
        ("#REF!", "name", "sheet_error"),
        ("1\x0038E+10", "phone", "number_spoiled"),
    ],
)
def test_read_cell_that_must_not_be_stored(text: str, type_: str, reason: str) -> None:
    assert read(text, type_) == Rejected(reason, found=text if text in {"暂无资料", "#REF!"} else "")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("1.65元/平米/月", 165, 165),
        ("0.80 元/㎡·月", 80, 80),
        ("1.65至6元/平米/月", 165, 600),
        ("0.2~20元/㎡·月", 20, 2000),
        ("1.2元-1.5元/月/㎡", 120, 150),
        ("1.2元/平方米·月", 120, 120),
        ("1.2", 120, 120),
        ("物业费：约1.2元左右", 120, 120),
        ("¥1.2/平/月", 120, 120),
        ("12元/㎡·年", 100, 100),
        ("3元/平米/季度", 100, 100),
        ("1.2元/㎡", 120, 120),
    ],
)
def test_read_fee_in_fen_with_both_ends(text: str, low: int, high: int) -> None:
    value = known(text, "fee")
    assert isinstance(value, Number)
    assert (value.low, value.high, value.unit) == (low, high, Unit.FEE)


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("0.00 元/㎡·月", "fee"),
        ("0", "households"),
        ("0.00", "ratio"),
        ("0", "organisation"),
        ("0,0", "point"),
        ("0", "year"),
        ("1900-01-00", "date"),
    ],
)
def test_read_nought_that_stands_for_nothing(text: str, type_: str) -> None:
    assert isinstance(read(text, type_), Placeholder)


def test_read_nought_where_it_is_an_answer() -> None:
    assert known("0", "bays", zero=True) == Number(0, 0, Unit.COUNT)
    assert known("无", "lifts", zero=True) == Number(0, 0, Unit.COUNT)


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2005", (2005, 1, 1), (2005, 12, 31), "year"),
        ("2005.0", (2005, 1, 1), (2005, 12, 31), "year"),
        ("2005年", (2005, 1, 1), (2005, 12, 31), "year"),
        ("约2005年建成", (2005, 1, 1), (2005, 12, 31), "year"),
        ("05年", (2005, 1, 1), (2005, 12, 31), "year"),
        ("98年底", (1998, 1, 1), (1998, 12, 31), "year"),
        ("2005-06", (2005, 6, 1), (2005, 6, 30), "month"),
        ("2005年6月", (2005, 6, 1), (2005, 6, 30), "month"),
        ("200506", (2005, 6, 1), (2005, 6, 30), "month"),
        ("2014.6", (2014, 6, 1), (2014, 6, 30), "month"),
        ("2014.1", (2014, 1, 1), (2014, 12, 31), "year"),
        ("2005/6/1", (2005, 6, 1), (2005, 6, 1), "day"),
        ("2005年6月1日", (2005, 6, 1), (2005, 6, 1), "day"),
        ("20050601", (2005, 6, 1), (2005, 6, 1), "day"),
        ("2005-06-01 00:00:00", (2005, 6, 1), (2005, 6, 1), "day"),
        ("1990-2000年", (1990, 1, 1), (2000, 12, 31), "span"),
        ("1990至1990", (1990, 1, 1), (1990, 12, 31), "year"),
        ("90年代", (1990, 1, 1), (1999, 12, 31), "span"),
        ("20世纪80年代末", (1980, 1, 1), (1989, 12, 31), "span"),
    ],
)
def test_read_moment_as_precise_as_written(
    text: str, first: tuple[int, int, int], last: tuple[int, int, int], precision: str
) -> None:
    assert known(text, "year") == Moment(date(*first), date(*last), precision)


def test_read_moment_from_a_number_that_a_spreadsheet_keeps_for_a_day() -> None:
    assert known("38504.0", "date") == Moment(date(2005, 6, 1), date(2005, 6, 1), "day")
    assert about(read("99999", "date")) == "wrong_kind:number"


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("无", "unknown"),
        ("无物业", "unknown"),
        ("该小区暂无物业公司", "unknown"),
        ("没有物业", "unknown"),
        ("无物业管理服务", "unknown"),
        ("失管", "unmanaged"),
        ("无人管理", "unmanaged"),
        ("业主自筹", "owners"),
        ("业主自管", "owners"),
        ("甲小区业主委员会", "owners"),
        ("社区居委会", "community"),
        ("社区居委会自管", "community"),
        ("-- 甲居委会", "community"),
        ("无物业 居委会负责", "community"),
        ("单位自管", "unit"),
        ("单位集体自管", "unit"),
        ("示例局宿舍管理处", "unit"),
    ],
)
def test_read_service_state_in_the_column_of_companies(text: str, state: str) -> None:
    assert known(text, "service") == Service(state)


@pytest.mark.parametrize("text", ["示例市甲物业服务有限公司", "甲物业", "示例社区服务有限公司", "甲物业管理处"])
def test_read_service_by_a_company(text: str) -> None:
    assert known(text, "service") == Service("company", text)


def test_read_service_without_company_beside_other_words_is_missing() -> None:
    assert read("暂无资料", "service") == Missing("暂无资料")
    assert read("没有物业，水电自理甲乙", "service") == Missing("没有物业、水电自理甲乙")
    assert read("0", "service") == Placeholder("0")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("有", "yes"), ("已成立", "yes"), ("√", "yes"), ("是。", "yes"), ("1", "yes"),
        ("无", "no"), ("未组建", "no"), ("正在筹备", "no"), ("尚未成立", "no"), ("×", "no"),
        ("未知", "unknown"), ("不详", "unknown"), ("不适用", "not_applicable"), ("不涉及", "not_applicable"),
    ],
)  # fmt: skip
def test_read_answer_as_one_of_four(text: str, answer: str) -> None:
    assert known(text, "answer") == Answer(answer)


@pytest.mark.parametrize("text", ["", "-", "暂无资料", "。"])
def test_read_answer_left_open_is_missing_and_not_no(text: str) -> None:
    assert isinstance(read(text, "answer"), Missing)


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("135 0000 0001", "13500000001"),
        ("13500000001.0", "13500000001"),
        ("0774-5280000/13500000001", "0774-5280000、13500000001"),
        ("13500000001，13500000001", "13500000001"),
    ],
)
def test_read_phones(text: str, phone: str) -> None:
    assert known(text, "phone") == Words(phone)


def test_read_credit_code_with_its_check_sign() -> None:
    assert known("91350100m000100y43", "credit_code") == Words("91350100M000100Y43")


@pytest.mark.parametrize(
    ("text", "longitude", "latitude"),
    [
        ("111.558121,24.401187", 1_115_581_210, 244_011_870),
        ("24.401187 111.558121", 1_115_581_210, 244_011_870),
        ("(111.30666161882，25.307473504339)", 1_113_066_616, 253_074_735),
        ("北纬24°30′36″ 东经111°30′0″", 1_115_000_000, 245_100_000),
        ("E111.5,N24.5", 1_115_000_000, 245_000_000),
    ],
)
def test_read_point_in_either_order(text: str, longitude: int, latitude: int) -> None:
    assert known(text, "point", unit="bd09") == Point(longitude, latitude, "bd09")


@pytest.mark.parametrize("text", [",", "暂无数据,暂无数据"])
def test_read_point_of_two_nothings_is_missing(text: str) -> None:
    assert isinstance(read(text, "point"), Missing)


@pytest.mark.parametrize(
    ("text", "bays"),
    [
        ("机动车位300个，非机动车位500个，平均每户1.2个车位", 300),
        ("650", 650),
        ("共880个停车位", 880),
        ("停车位508个：地上停车位305个，地下停车位203个", 508),
        ("机动车位448个，非机动车位200个", 448),
        ("1500个车位（1:1.2）", 1500),
        ("160个机动车，300个非机动车位", 160),
        ("地面停车位67个，地下停车位608个", 675),
        ("停车位100个，80元/位/月", 100),
        ("地下两层停车场，机动车位90个，电动车位8个", 90),
        ("地上车位80个，地下车位100个，总计180个", 180),
    ],
)
def test_read_bays_for_cars(text: str, bays: int) -> None:
    assert known(text, "bays") == Number(bays, bays, Unit.COUNT)


@pytest.mark.parametrize("text", ["地下停车场、露天停车场", "1:1", "车位配比1：0.8", "非机动车位80个，电动车位9个"])
def test_read_bays_that_are_described_but_not_counted_is_missing(text: str) -> None:
    assert isinstance(read(text, "bays"), Missing)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("一期机动车位44个，二期机动车位51个", "several_values"),
        ("大厦停车位140个，新都停车位1300个", "several_values"),
        ("地上停车位540个，地上停车位1933个", "several_values"),
        ("总户数726户，停车位232个", "has_remark"),
        ("地下车库9478㎡，机动车位393个", "has_remark"),
    ],
)
def test_read_bays_that_are_unclear(text: str, reason: str) -> None:
    assert about(read(text, "bays")) == reason


def test_read_text_keeps_signs_outside_the_basic_plane() -> None:
    assert known("𠮷祥花园", "name") == Words("𠮷祥花园")
    assert known("  示例 ·  碧水花园 ", "name") == Words("示例 · 碧水花园")
    assert known("砖混", "text") == Words("砖混")
    assert known("21世纪示例有限公司", "organisation") == Words("21世纪示例有限公司")


def test_read_column_that_is_not_imported_says_nothing() -> None:
    assert read("https://example.invalid/1", "ignored") == Missing("https://example.invalid/1")


def test_value_of_a_reading_without_any() -> None:
    assert value_of(Missing()) is None
    assert value_of(Doubtful("unreadable")) is None


@pytest.mark.parametrize("type_", ["bays", "fee", "service", "area"])
@pytest.mark.parametrize("run", ["个停车位", "元/平方米", "业主自管", "单位管理"])
def test_read_long_run_of_one_word_ends(run: str, type_: str) -> None:
    """A cell that a pattern could cut up in endlessly many ways."""
    assert not isinstance(read(run * 100 + "公司x", type_), Missing)
