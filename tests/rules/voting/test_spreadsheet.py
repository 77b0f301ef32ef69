"""An owner's spreadsheet: read as people write it, refused where it could mean two things."""

import pytest

from anju.rules.voting.recount_format import read_recount
from anju.rules.voting.spreadsheet import BadTable, Fault, Found, Row, read_table

HEAD = {"format": "anju-recount/1", "matter": "ordinary"}


def _read(text: str) -> list[Row]:
    return [line.split("|") for line in text.strip().splitlines()]


def _faults(text: str) -> tuple[Found, ...]:
    with pytest.raises(BadTable) as raised:
        read_table(_read(text))
    return raised.value.found


@pytest.mark.parametrize(
    "text",
    [
        "1-101|88.50|张三|同意\n1-102|90|李四|反对",
        "房号|专有部分面积（㎡）|业主姓名|表决意见\n1-101|88.50|张三|同意\n1-102|90|李四|反对",
        "示例小区表决情况表\n\n序号|意见|产权人|面积|门牌\n1|赞成|张三|88.50|1-101\n2|不同意|李四|90|1-102",
        "房屋|面积|表决人|业主意见\n１－１０１|８８．５０|张三|同意\n1-102|90平方米| 李四 |oppose\n合计|178.50||",
        "1-101|88.50㎡|张三|同意\n\n1-102|90 m2|李四|反对\n小计|178.5||",
    ],
)
def test_read_the_same_roll_however_it_is_written(text: str) -> None:
    table = read_table(_read(text))
    assert table.roll == [
        {"unit": "1-101", "area": "88.50", "voter": "张三"},
        {"unit": "1-102", "area": "90", "voter": "李四"},
    ]
    assert table.ballots == [{"voter": "张三", "choice": "agree"}, {"voter": "李四", "choice": "oppose"}]
    assert table.filled == 0
    assert read_recount(HEAD | {"roll": table.roll, "ballots": table.ballots}).tally.heads.total == 2


def test_read_every_word_for_a_choice() -> None:
    words = ["同意", "反对", "弃权", "废票", "未投", "", "-", "无效票", "agree", "silent"]
    table = read_table([[f"{n}", "10", f"业主{n}", word] for n, word in enumerate(words)])
    assert [ballot["choice"] for ballot in table.ballots] == [
        "agree",
        "oppose",
        "abstain",
        "invalid",
        "silent",
        "silent",
        "invalid",
        "agree",
        "silent",
    ]
    assert "业主5" not in {ballot["voter"] for ballot in table.ballots}


def test_read_one_owner_of_several_units_once_and_takes_blanks_along() -> None:
    table = read_table(_read("101|100|李|\n102|100|李|同意\n103|100|李|同意\n104|50|王|"))
    assert table.ballots == [{"voter": "李", "choice": "agree"}]
    assert table.filled == 1


def test_read_thousands_and_short_rows() -> None:
    table = read_table([["101", "1,234.50", "张"], ["102", "12,345", "李", "同意"]])
    assert [line["area"] for line in table.roll] == ["1234.50", "12345"]


def test_read_refuses_each_wrong_cell_with_its_line() -> None:
    text = "房号|面积|业主|意见\n|10|张|同意\n102|十|李|同意\n103|10||同意\n104|10|王|好\n105|10|赵|同意\n105|10|钱|同意\n106|10|赵|反对"
    assert _faults(text) == (
        Found(Fault.UNIT_WRONG, 2, ""),
        Found(Fault.AREA_WRONG, 3, "十"),
        Found(Fault.VOTER_WRONG, 4, ""),
        Found(Fault.CHOICE_WRONG, 5, "好"),
        Found(Fault.UNIT_REPEATED, 7, "105"),
        Found(Fault.CHOICES_DIFFER, 8, "赵"),
    )


@pytest.mark.parametrize("area", ["-5", "1e2", "88,5", "1.2.3", "约90", ".5", "㎡", "1,23"])
def test_read_guesses_no_area(area: str) -> None:
    assert _faults(f"101|{area}|张|同意") == (Found(Fault.AREA_WRONG, 1, area.replace("㎡", "m2")),)


def test_read_names_missing_columns() -> None:
    assert _faults("房号|业主\n101|张") == (
        Found(Fault.COLUMN_MISSING, 1, "area"),
        Found(Fault.COLUMN_MISSING, 1, "choice"),
    )


@pytest.mark.parametrize("text", ["房号|面积|业主|意见", "合计|10||", "|||"])
def test_read_refuses_a_table_without_lines(text: str) -> None:
    assert _faults(text) == (Found(Fault.NO_LINES, 0, ""),)


def test_read_lists_twenty_faults_at_most() -> None:
    assert len(_faults("\n".join(f"{n}||张|同意" for n in range(30)))) == 20


@pytest.mark.parametrize("swallowed", ["张\t同意", "张,同意\n102,10,李"])
def test_read_refuses_a_cell_that_swallowed_others(swallowed: str) -> None:
    with pytest.raises(BadTable) as raised:
        read_table([["101", "10", swallowed, ""]])
    assert [found.fault for found in raised.value.found] == [Fault.VOTER_WRONG]
    assert read_table([["101", "10", "张\n李", ""]]).roll[0]["voter"] == "张 李"


def test_read_refuses_hidden_characters() -> None:
    assert [found.fault for found in _faults("1\u200b01|10|张\u202e三|同意")] == [Fault.UNIT_WRONG, Fault.VOTER_WRONG]
