"""Recounting in public: paste or choose, read, print, take away; nothing is stored."""

import html
import io
import json
import re
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from anju.base.models import AuditEntry
from anju.base.sheets import Sheet, write_workbook
from anju.rules.voting.recount_format import Recount, read_recounts
from tests.verifiers.implementations import by_script, ours, script

pytestmark = pytest.mark.django_db

ROWS = [
    ["房号", "面积", "业主", "意见"],
    ["1-101", "100", "张三", "同意"],
    ["1-102", "100", "李四", "同意"],
    ["1-103", "100", "王五", ""],
]
MATTER: dict[str, object] = {"matter": "ordinary", "profile": "civil-code-278", "title": "续聘示例物业服务公司"}


def pasted(rows: list[list[str]] = ROWS, **more: object) -> dict[str, object]:
    return {**MATTER, "table": "\r\n".join("\t".join(row) for row in rows), **more}


def counted(client: Client, data: dict[str, object], address: str = "/recount/") -> str:
    answer = client.post(address, data)
    assert answer.status_code == 200
    return answer.content.decode()


def document_in(page: str) -> str:
    found = re.search(r'name="document" value="([^"]*)"', page)
    assert found, page
    return html.unescape(found[1])


def mistakes(page: str) -> str:
    assert "重算结果" not in page
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


def test_show_recount_to_a_stranger(client: Client) -> None:
    for address in ("/recount/", "/recount/totals/"):
        page = client.get(address).content.decode()
        assert "算一遍" in page
        assert "不保存" in client.get("/recount/").content.decode()


def test_count_pasted_table_and_say_every_test(client: Client) -> None:
    page = counted(client, pasted())
    assert "重算结果：通过" in page
    assert "续聘示例物业服务公司" in page
    assert page.count("<li><p") == 4
    assert "参加 200.00 ㎡，占全部 300.00 ㎡的 66.67%。要达到三分之二，就是至少 200.00 ㎡。" in page
    assert "民法典第二百七十八条" in page
    document = json.loads(document_in(page))
    assert document["ballots"] == [{"voter": "张三", "choice": "agree"}, {"voter": "李四", "choice": "agree"}]


def test_count_says_what_was_short(client: Client) -> None:
    rows = [*ROWS[:2], ["1-102", "100", "李四", "反对"], ROWS[3]]
    page = counted(client, pasted(rows))
    assert "重算结果：没有通过" in page
    assert "同意的面积还差 0.01 ㎡；同意的人数还差 1 人。" in page


def test_count_uploaded_workbook_as_the_paste(client: Client) -> None:
    book = write_workbook([Sheet("表", ROWS, [10, 10, 10, 10])])
    by_file = counted(client, {**MATTER, "file": SimpleUploadedFile("票.xlsx", book)})
    assert document_in(by_file) == document_in(counted(client, pasted()))


def test_count_uploaded_gbk_csv(client: Client) -> None:
    content = "\n".join(",".join(row) for row in ROWS).encode("gb18030")
    page = counted(client, {**MATTER, "file": SimpleUploadedFile("票.csv", content)})
    assert document_in(page) == document_in(counted(client, pasted()))


def test_count_recount_file_by_its_own_matter_and_rule(client: Client) -> None:
    document = {**json.loads(document_in(counted(client, pasted()))), "matter": "special"}
    sent = SimpleUploadedFile("a.json", json.dumps(document).encode())
    page = counted(client, {**MATTER, "file": sent})
    assert json.loads(document_in(page)) == document
    assert "要达到四分之三" in page


def test_count_two_units_of_one_owner_as_one_and_say_which_were_blank(client: Client) -> None:
    rows = [["101", "100", "李", "同意"], ["102", "100", "李", ""], ["103", "50", "王", "弃权"]]
    page = counted(client, pasted(rows))
    assert "有 1 行没写意见" in page
    assert "2 人，250.00 ㎡" in page


def test_count_rules_of_procedure_in_both_readings(client: Client) -> None:
    rows = [ROWS[1], ["102", "100", "李四", ""], ["103", "50", "王五", ""]]
    page = counted(client, pasted(rows, silent_counts_with_majority="on"))
    assert "结论是由没有表决的业主决定的" in page.split("<details>")[0]
    page = counted(client, pasted([*ROWS[:3], ["103", "100", "王五", "废票"]], invalid_participates="on"))
    assert "3 人，300.00 ㎡" in page


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["101", "十", "张", "同意"]], "第 1 行的面积“十”不是数"),
        ([["101", "10", "", "同意"]], "第 1 行的业主“”不能用"),
        ([["", "10", "张", "同意"]], "第 1 行的房号“”不能用"),
        ([["101", "10", "张", "好"]], "第 1 行的意见“好”不认识"),
        ([["101", "10", "张", "同意"], ["101", "10", "李", "同意"]], "第 2 行的房号“101”前面已经有了"),
        ([["101", "10", "张", "同意"], ["102", "10", "张", "反对"]], "第 2 行业主“张”的意见和前面的不一样"),
        ([["房号", "面积"], ["101", "10"]], "没有找到“业主”"),
        ([["房号", "面积", "业主", "意见"]], "表里没有一行房屋"),
    ],
)
def test_count_refuses_a_wrong_table_in_words(client: Client, rows: list[list[str]], words: str) -> None:
    assert words in mistakes(counted(client, pasted(rows)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0old", "文件已损坏"),
        (b"PKbroken", "文件已损坏"),
        (b"a\x00b", "这不是能读的"),
        (b"", "文件里没有内容"),
        (b"{", "不是合格的 JSON"),
        (b'{"format": "anju-recount/1"}', "事项 null 不认识"),
        (b"[{}, {}]", "有几件表决"),
        (b"1,1,1,1\n" * 20_001, "行数太多"),
        (b" " * (5 * 1024 * 1024 + 1), "文件太大"),
        (b"\xff\xff\xff", "文字编码认不出来"),
    ],
)
def test_count_refuses_a_wrong_file_in_words(client: Client, content: bytes, words: str) -> None:
    assert words in mistakes(counted(client, {**MATTER, "file": SimpleUploadedFile("a.json", content)}))


def test_count_wants_one_way_and_only_one(client: Client) -> None:
    assert "请把表格粘进来，或者选一个文件" in mistakes(counted(client, MATTER))
    both = pasted(file=SimpleUploadedFile("a.csv", b"1,1,1,1"))
    assert "只要一样" in mistakes(counted(client, both))
    assert "请选一项" in mistakes(counted(client, {"table": "101,10,a,同意", "profile": "civil-code-278"}))


def test_count_totals_with_what_was_published(client: Client) -> None:
    figures = {
        "heads": "612",
        "area": "58,236.40",
        "participating_heads": "431",
        "participating_area": "41905.18",
        "agree_heads": "319",
        "agree_area": "31902.55",
    }
    special = {**MATTER, "matter": "special"}
    page = counted(client, {**special, **figures}, "/recount/totals/")
    assert "重算结果：没有通过" in page
    assert "同意的人数还差 5 人。" in page
    unknown = counted(client, {**MATTER, **figures, "area": ""}, "/recount/totals/")
    assert "重算结果：无法判断" in unknown
    assert "缺少或为零的数：全部面积。" in unknown
    assert "未知 ㎡" in unknown
    old = counted(client, {**special, **figures, "profile": "regulation-2018"}, "/recount/totals/")
    assert "物业管理条例" in old


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({"heads": "3", "participating_heads": "4"}, "参加的 4 比全部的还多"),
        ({"area": "很多"}, "面积 “很多” 不是十进制数"),
        ({"heads": "3.5"}, "人数 “3.5” 不是整数"),
        ({"heads": "-3"}, "人数 “-3” 不是整数"),
        ({"heads": "1" * 16}, "不是整数"),
        ({"participating_area": "5", "agree_area": "6"}, "同意的 “6” 比参加的还多"),
    ],
)
def test_count_refuses_wrong_totals_beside_their_field(client: Client, figures: dict[str, str], words: str) -> None:
    page = counted(client, {**MATTER, **figures}, "/recount/totals/")
    assert words in mistakes(page)
    assert "is-bad" in page


def test_take_the_file_away_and_count_it_elsewhere(client: Client) -> None:
    page = counted(client, pasted())
    document = document_in(page)
    answer = client.post("/recount/file/", {"document": document})
    assert answer["Content-Disposition"] == 'attachment; filename="anju-recount.json"'
    assert answer.content.decode() == document
    assert sha256(answer.content).hexdigest() in page
    (recount,) = read_recounts(answer.content)
    assert isinstance(recount, Recount)
    assert recount.decide().verdict == "passed"
    assert by_script(answer.content, script()) == ours(answer.content)


def test_print_one_page_that_says_the_same(client: Client) -> None:
    page = counted(client, pasted())
    answer = client.post("/recount/paper/", {"document": document_in(page), "title": "续聘示例物业服务公司"})
    assert answer["Content-Type"] == "application/pdf"
    paper = PdfReader(io.BytesIO(answer.content))
    assert len(paper.pages) == 1
    text = re.sub(r"\s", "", paper.pages[0].extract_text())
    for part in (
        "续聘示例物业服务公司",
        "通过",
        "四道线都够",
        "参加200.00㎡，占全部300.00㎡的66.67%",
        sha256(document_in(page).encode()).hexdigest(),
    ):
        assert part in text


def test_print_the_longest_explanation_on_one_page(client: Client) -> None:
    rows = [["1", "60", "甲", "同意"], ["2", "6.12345", "乙", "废票"], ["3", "33.5", "丙", ""]]
    page = counted(client, pasted(rows, silent_counts_with_majority="on", title="长" * 60))
    assert "废票：1 人的废票不算参加" in page.split("<details>")[0]
    answer = client.post("/recount/paper/", {"document": document_in(page), "title": "长" * 60})
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 1


@pytest.mark.parametrize("document", ["", "{", "[]", '{"format": "anju-recount/1"}', "\x00"])
def test_file_and_paper_refuse_what_is_no_recount(client: Client, document: str) -> None:
    for address in ("/recount/file/", "/recount/paper/"):
        answer = client.post(address, {"document": document})
        assert (answer.status_code, answer["Location"]) == (302, "/recount/")
        assert client.get(address).status_code == 405


def test_offer_the_verifiers_as_downloads_only(client: Client) -> None:
    for name in ("recount.py", "recount.html"):
        answer = client.get(f"/recount/{name}")
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer["Content-Type"] == "application/octet-stream"
        assert b"anju-recount/1" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_names_of_owners_are_text_and_leave_no_trace(client: Client) -> None:
    before = AuditEntry.objects.count()
    page = counted(client, pasted([["<b>1</b>", "10", "<script>x", "同意"]], title="<i>事"))
    assert "<script>x" not in page
    assert "<i>事" not in page
    assert json.loads(document_in(page))["roll"][0]["voter"] == "<script>x"
    assert AuditEntry.objects.count() == before
    assert "sessionid" not in client.cookies
