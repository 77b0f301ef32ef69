"""Reporting from a code on the wall: two pages, four taps, no account."""

import io
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from anju.cases.models import Case, CaseFile
from tests.base.pictures import picture


def text(answer: Any) -> str:
    return str(answer.content.decode())


def begin(phone: Client, code: str, tile: str = "light", photo: bytes | None = None, **more: str) -> Any:
    told: dict[str, Any] = {"tile": tile, **more}
    if photo is not None:
        told["photo"] = named(photo)
    return phone.post(reverse("citizen:report", args=[code]), told)


def named(content: bytes, name: str = "IMG_1.jpg") -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def seal_of(answer: Any) -> str:
    return str(answer.headers["Location"].partition("?d=")[2])


def send(phone: Client, code: str, begun: Any, **more: str) -> Any:
    page = phone.get(begun.headers["Location"])
    sealed = re.search(r'name="d" value="([^"]+)"', text(page))
    assert sealed
    return phone.post(reverse("citizen:check", args=[code]), {"d": sealed[1], "mode": "hidden", **more})


def number_of(page: Any) -> str:
    found = re.search(r"[A-Z]{2}-\d{4}-\d{6}-\d", text(page))
    assert found
    return found[0]


@pytest.mark.django_db
def test_report_with_a_photo_is_a_case_with_a_receipt(phone: Client, code: str) -> None:
    page = send(phone, code, begin(phone, code, photo=picture()))
    case = Case.objects.get()
    assert number_of(page) == case.number
    assert (case.matter.code, case.source, case.mode) == ("SS08", "qr", "anonymous")
    assert CaseFile.objects.get().attachment.kind == "jpeg"
    assert re.search(r"<b>\d\d \d\d \d\d</b>", text(page))
    assert "<svg" in text(page)


@pytest.mark.django_db
def test_report_sent_twice_is_one_case_with_one_code(phone: Client, code: str) -> None:
    begun = begin(phone, code, photo=picture())
    first, again = send(phone, code, begun), send(phone, code, begun)
    codes = [re.findall(r"<b>(\d\d \d\d \d\d)</b>", text(page)) for page in (first, again)]
    assert codes[0] == codes[1]
    assert number_of(first) == number_of(again)
    assert Case.objects.count() == 1
    assert CaseFile.objects.count() == 1
