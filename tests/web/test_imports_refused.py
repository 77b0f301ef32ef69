"""Files that are no list, ask for too much or hide something, through the page: a clear sentence, and nothing is left of them."""

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from anju.places.models import Compound
from anju.registry.models import ImportFile, ImportRow, ListImport, Statement
from anju.registry.tasks import read_in_background
from tests.base.sheet_files import by_hand, old_workbook, ole, record, with_long_part, zipped
from tests.base.test_sheets_large import BOMBS, ONE_ROW
from tests.people import NOW, Person
from tests.registry.conftest import indicators as indicators

pytestmark = pytest.mark.usefixtures("indicators")
Here = SimpleNamespace

MORE_THAN_300_MB = with_long_part(by_hand(ONE_ROW), "xl/styles.xml", bytes(range(256)) * 4_000, 310)
MORE_THAN_200_000 = "小区名称\n".encode() + b"".join(b"%d\n" % line for line in range(200_001))
REFUSED = {
    **{name: (content, "解压后最多 300 MB", "bomb.xlsx") for name, content in BOMBS.items() if "gigabytes" in name},
    "a string that laughs": (BOMBS["a string that laughs a billion times"], "文件已损坏", "a.xlsx"),
    "one string in many cells": (BOMBS["one long string in 40,000 cells"], "解压后最多 300 MB", "a.xlsx"),
    "more than 300 MB": (MORE_THAN_300_MB, "解压后最多 300 MB", "a.xlsx"),
    "more than 200,000 rows": (MORE_THAN_200_000, "第 200001 行：行数太多，一个文件最多 200,000 行", "a.csv"),
    "cells far apart": (BOMBS["cells far apart"], "很远处的单元格", "a.xlsx"),
    "a password": (ole({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), "文件加了密码", "a.xlsx"),
    "an old password": (ole({"Workbook": old_workbook(globals_=record(0x002F, bytes(6)))}), "文件加了密码", "a.xls"),
    "a picture by the name of a workbook": (b"\x89PNG\r\n\x1a\n" + bytes(300), "这不是能读的", "a.xlsx"),
    "a paper by the name of a workbook": (zipped({"word/document.xml": b"<w/>"}), "这不是能读的", "a.xlsx"),
    "a page by the name of a workbook": (b"<html><table><tr><td>1</td></tr></table>", "其实是网页", "a.xls"),
    "a workbook of another kind": (zipped({"xl/workbook.bin": b"x"}), "另存为 .xlsx", "a.xlsb"),
    "half of a workbook": (by_hand(ONE_ROW)[:-60], "文件已损坏", "a.xlsx"),
    "no heading": ("甲,乙\n丙,丁\n".encode(), "没有找到表头", "a.csv"),
}


def sent(person: Person, content: bytes, name: str, place: Here) -> str:
    """Choose a file on the page, let the worker read it where it is long, and return what the page says then."""
    typed = {
        "file": SimpleUploadedFile(name, content),
        "source": "示例摸底",
        "source_kind": "survey",
        "division": str(place.county.pk),
        "observed_on": "2026-11-20",
        "kind": "unknown",
    }
    answer = person.client.post(reverse("imports:new"), typed)
    assert answer.status_code == 302, answer.content.decode()
    row = ListImport.objects.get()
    if row.state == ListImport.State.READING:
        read_in_background.call(row.pk, person.actor.user_id, person.actor.post_id, NOW.isoformat())
    return person.client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("name", REFUSED)
def test_file_is_refused_in_a_sentence_and_leaves_nothing(place: Here, people: Here, name: str) -> None:
    content, words, called = REFUSED[name]
    before = Compound.objects.count()
    assert words in sent(people.bureau_officer, content, called, place)
    assert ListImport.objects.get().state == "failed"
    assert not ImportRow.objects.exists()
    assert not ImportFile.objects.exists()
    assert not Statement.objects.exists()
    assert Compound.objects.count() == before


def test_refused_file_is_not_read_again(place: Here, people: Here) -> None:
    person = people.bureau_officer
    sent(person, b"\x89PNG" + bytes(300), "a.xlsx", place)
    row = ListImport.objects.get()
    answer = person.client.post(reverse("imports:again", args=[row.pk]), follow=True)
    assert "这份名册未能读取，不能再办" in answer.content.decode()
    row.refresh_from_db()
    assert (row.state, row.failure) == ("failed", "not_a_sheet")
