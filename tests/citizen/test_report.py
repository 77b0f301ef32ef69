"""Reporting from a code on the wall: two pages, four taps, no account."""

import io
import re
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from PIL import Image

from anju.base.actor import SYSTEM
from anju.base.attachments import forget_unused, missing_files, open_file
from anju.base.models import Attachment
from anju.cases.models import Case, CaseFile, CaseParty
from anju.rules.lockout import QUARTER, Limit
from anju.web.citizen import draft as drafts
from tests.base.pictures import paper, picture, png_bomb, travelled


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


def send(by: Client, code: str, begun: Any, /, **more: str) -> Any:
    page = by.get(begun.headers["Location"])
    sealed = re.search(r'name="d" value="([^"]+)"', text(page))
    assert sealed
    return by.post(reverse("citizen:check", args=[code]), {"d": sealed[1], "mode": "hidden", **more})


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
@pytest.mark.parametrize(
    ("left", "silent"),
    [
        ({}, True),
        ({"phone": "13500000001"}, False),
        ({"phone": "13500000001", "mode": "anonymous"}, True),
        ({"name": "何业主", "mode": "named"}, True),
    ],
)
def test_receipt_says_how_to_look_it_up_and_that_nobody_can_be_told_without_a_number(
    phone: Client, code: str, left: dict[str, str], silent: bool
) -> None:
    page = text(send(phone, code, begin(phone, code), **left))
    assert "点“查我反映过的事”，填这两个号就能查" in page
    assert ("您没有留手机号，有了结果没法通知您" in page) is silent
    assert CaseParty.objects.filter(role="reporter").exclude(phone="").exists() is not silent


@pytest.mark.django_db
def test_report_sent_twice_is_one_case_with_one_code(phone: Client, code: str) -> None:
    begun = begin(phone, code, photo=picture())
    first, again = send(phone, code, begun), send(phone, code, begun)
    codes = [re.findall(r"<b>(\d\d \d\d \d\d)</b>", text(page)) for page in (first, again)]
    assert codes[0] == codes[1]
    assert number_of(first) == number_of(again)
    assert Case.objects.count() == 1
    assert CaseFile.objects.count() == 1


@pytest.mark.django_db
def test_report_without_a_photo_or_a_word_says_the_tile(phone: Client, code: str) -> None:
    send(phone, code, begin(phone, code, "other"))
    case = Case.objects.get()
    assert (case.matter.code, case.text) == ("PC08", "都不是，说不清")


@pytest.mark.django_db
def test_report_of_a_unit_that_does_nothing_is_about_it_from_the_first_minute(
    phone: Client, code: str, place: SimpleNamespace, people: SimpleNamespace
) -> None:
    begun = begin(phone, code, "other")
    assert "请重新选" in text(send(phone, code, begun, about=str(place.company.pk)))
    assert not Case.objects.exists()
    send(phone, code, begun, about=str(place.town_office.pk), phone="13500000004")
    case = Case.objects.get()
    assert (case.matter.code, case.text) == ("PC03", "城关镇人民政府不管、不办")
    assert [one.organisation for one in CaseParty.objects.filter(role="respondent")] == [place.town_office]
    shown = text(people.town_officer.client.get(reverse("cases:case", args=[case.pk])))
    assert "135****0004" not in shown
    assert reverse("cases:act", args=[case.pk, "accept"]) not in shown
    assert "135****0004" in text(people.bureau_officer.client.get(reverse("cases:case", args=[case.pk])))


@pytest.mark.django_db
@pytest.mark.parametrize(("consent", "kept"), [({}, False), ({"consent": "1"}, True)])
def test_report_keeps_place_and_moment_of_a_photo_only_by_consent(
    phone: Client, code: str, consent: dict[str, str], kept: bool
) -> None:
    begin(phone, code, photo=picture(exif=travelled()), **consent)
    file = Attachment.objects.get()
    assert (file.latitude is not None, file.taken_at is not None) == (kept, kept)
    with open_file(file) as stream:
        assert not Image.open(stream).getexif()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (png_bomb(60_000, 60_000), "a.png", "5000 万像素"),
        (picture() + b"<script>alert(1)</script>PK\x05\x06" + b"\0" * 18, "a.jpg", "不只是一张图片"),
        (paper(), "a.pdf", "只收照片"),
        (b"GIF89a", "a.jpg", "照片没收到"),
        (picture()[:400], "a.jpg", "照片没收到"),
    ],
)
def test_report_with_a_hostile_photo_is_told_and_nothing_is_kept(
    phone: Client, code: str, content: bytes, name: str, said: str
) -> None:
    answer = phone.post(reverse("citizen:report", args=[code]), {"tile": "light", "photo": named(content, name)})
    assert answer.status_code == 200
    assert said in text(answer)
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_report_with_one_bad_photo_of_three_keeps_the_good_ones(phone: Client, code: str) -> None:
    handed = [named(picture(), "1.jpg"), named(b"GIF89a", "2.gif"), named(picture(size=(500, 400)), "3.jpg")]
    begun = phone.post(reverse("citizen:report", args=[code]), {"tile": "light", "photo": handed})
    page = text(phone.get(begun.headers["Location"]))
    assert "收到 2 张照片，有的没收到：这里只收照片" in page
    assert "照片 2 张" in page


@pytest.mark.django_db
def test_report_with_more_photos_than_are_taken_is_told(phone: Client, code: str) -> None:
    handed = [named(picture(size=(400 + place, 300)), f"{place}.jpg") for place in range(5)]
    begun = phone.post(reverse("citizen:report", args=[code]), {"tile": "light", "photo": handed})
    assert "收到 3 张照片，有的没收到：一次最多 3 张" in text(phone.get(begun.headers["Location"]))


@pytest.mark.django_db
def test_report_of_a_danger_goes_on_whatever_the_photo_is(phone: Client, code: str) -> None:
    begun = begin(phone, code, "danger", photo=b"GIF89a")
    page = text(phone.get(begun.headers["Location"]))
    assert "照片没收到" in page
    assert "119" in page


@pytest.mark.django_db
def test_report_beyond_the_photos_of_an_hour_says_that_it_goes_without(
    phone: Client, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anju.disclosure.services.knocks.UPLOADS", Limit(1, QUARTER, QUARTER, "for the test"))
    begin(phone, code, photo=picture())
    assert "不带照片也能报" in text(begin(phone, code, photo=picture(size=(500, 400))))


@pytest.mark.django_db
def test_report_sent_again_by_the_way_back_says_that_what_was_added_is_not_kept(phone: Client, code: str) -> None:
    begun = begin(phone, code)
    first = text(send(phone, code, begun, note="路灯坏了"))
    again = text(send(phone, code, begun, note="路灯坏了"))
    more = text(send(phone, code, begun, note="路灯坏了", building="3栋"))
    other = text(send(phone, code, begun, note="挡了救护车"))
    late = text(send(phone, code, begun, note="路灯坏了", phone="13500000001"))
    assert ["这次改的没有记下" in page for page in (first, again, more, other, late)] == [
        False,
        False,
        True,
        True,
        True,
    ]
    assert "您刚才写的：挡了救护车" in other
    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_report_left_lying_keeps_what_was_typed_and_its_photo(
    phone: Client, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = begin(phone, code, photo=picture())
    sealed = seal_of(begun).replace("%3A", ":")
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + drafts.LIFE.total_seconds() + 60)
    told = {"d": sealed, "mode": "hidden", "note": "路灯坏了三盏"}
    page = phone.post(reverse("citizen:check", args=[code]), told)
    assert "写的都在" in text(page)
    assert "路灯坏了三盏" in text(page)
    assert "照片 1 张" in text(page)
    assert not Case.objects.exists()
    renewed = re.search(r'name="d" value="([^"]+)"', text(page))
    assert renewed
    phone.post(reverse("citizen:check", args=[code]), {**told, "d": renewed[1]})
    assert Case.objects.get().text.endswith("路灯坏了三盏")
    assert CaseFile.objects.count() == 1
    assert "没有照片" in text(phone.post(reverse("citizen:check", args=[code]), told)), (
        "the photo is another case's now"
    )


@pytest.mark.django_db
def test_report_of_one_s_own_is_not_joined_as_a_neighbour_s(phone: Client, code: str) -> None:
    send(phone, code, begin(phone, code))
    case = Case.objects.get()
    begun = begin(phone, code)
    page = text(phone.get(begun.headers["Location"]))
    assert "您报的" in page
    assert "我也遇到了</button>" not in page
    send(phone, code, begun, same=str(case.pk))
    case.refresh_from_db()
    assert case.joined == 0
    neighbour = Client()
    neighbour.get(reverse("citizen:report", args=[code]))
    assert "我也遇到了</button>" in text(neighbour.get(begin(neighbour, code).headers["Location"]))


@pytest.mark.django_db
def test_report_from_an_address_that_is_asked_a_sum_can_answer_it_after_a_mistake(
    phone: Client, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the page was open before the address was full: the sum stands on the page that asks for it."""
    monkeypatch.setattr("anju.disclosure.services.knocks.FILING_ADDRESS", Limit(1, QUARTER, QUARTER, "for the test"))
    begun = begin(phone, code, "fees")
    send(phone, code, begin(phone, code))
    page = text(send(phone, code, begun, note="多收了钱"))
    for mistake in (1, 0):
        asked, seal = re.search(r"(\d) 加 (\d) 等于几", page), re.search(r'name="seal" value="([^"]+)"', page)
        assert asked
        assert seal
        page = text(send(phone, code, begun, seal=seal[1], sum=str(int(asked[1]) + int(asked[2]) + mistake)))
    assert "已收到" in page
    assert Case.objects.count() == 2


@pytest.mark.django_db
def test_report_with_marks_that_turn_words_round_shows_and_keeps_the_words_alone(phone: Client, code: str) -> None:
    note = "找\u202e13500000001\u202c，\u200b谢谢👨\u200d👩\u200d👧"
    send(phone, code, begin(phone, code), note=note, phone="\u202d13500000001\u202c")
    assert Case.objects.get().text.endswith("。找13500000001，谢谢👨\u200d👩\u200d👧")
    assert CaseParty.objects.get().phone == "13500000001"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "hostile", ["<img src=x onerror=alert(1)>", "' OR 1=1 --{{ 7|add:7 }}", "𠮷祥䶮", "=HYPERLINK(1)"]
)
def test_report_with_hostile_words_keeps_and_shows_them_as_words(phone: Client, code: str, hostile: str) -> None:
    page = send(phone, code, begin(phone, code), note=hostile, building="3栋")
    assert Case.objects.get().text.endswith(hostile)
    assert "<img src=x" not in text(page)
    link = re.search(r'href="(/c/case/[^"]+)"', text(page))
    assert link
    shown = text(phone.get(link[1]))
    assert escape(hostile) in shown


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"note": "长" * 10_000}, "您写了 10000 个"),
        ({"note": "零\0字节"}, "控制字符"),
        ({"phone": "12345"}, "手机号"),
        ({"mode": "named"}, "请写上您的姓名"),
        ({"mode": "king"}, "请在三样里选一样"),
        ({"matter": "XX99"}, "没有这一样"),
    ],
)
def test_report_with_bad_input_says_how_to_mend_it(phone: Client, code: str, more: dict[str, str], said: str) -> None:
    page = send(phone, code, begin(phone, code), **more)
    assert said in text(page)
    assert not Case.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "mode", "kept"),
    [
        ({}, "anonymous", ("", "")),
        ({"phone": "13500000001"}, "hidden", ("", "13500000001")),
        ({"mode": "anonymous", "phone": "13500000001", "name": "何业主"}, "anonymous", ("", "")),
        ({"mode": "named", "name": "何业主"}, "named", ("何业主", "")),
    ],
)
def test_report_in_each_mode_keeps_no_more_than_was_agreed(
    phone: Client, code: str, more: dict[str, str], mode: str, kept: tuple[str, str]
) -> None:
    send(phone, code, begin(phone, code), **more)
    party = CaseParty.objects.get()
    assert Case.objects.get().mode == mode
    assert (party.name, party.phone) == kept


@pytest.mark.django_db
def test_report_says_what_will_be_covered(phone: Client, code: str) -> None:
    page = send(phone, code, begin(phone, code), note="3栋2单元501室的车桂J12345堵路，电话13500000001")
    assert "房号" in text(page)
    assert "车牌" in text(page)


@pytest.mark.django_db
def test_report_a_fourth_time_in_an_hour_is_told_to_wait_but_a_danger_is_taken(phone: Client, code: str) -> None:
    for _ in range(3):
        send(phone, code, begin(phone, code))
    assert "报得太多" in text(send(phone, code, begin(phone, code)))
    page = send(phone, code, begin(phone, code, "danger"), danger="cover")
    assert "已收到" in text(page)
    assert Case.objects.count() == 4


@pytest.mark.django_db
def test_report_from_a_carrier_s_address_is_not_locked_out_by_others(phone: Client, code: str) -> None:
    for _ in range(4):
        send(phone, code, begin(phone, code))
    neighbour = Client()
    neighbour.get(reverse("citizen:report", args=[code]))
    assert "已收到" in text(send(neighbour, code, begin(neighbour, code)))


@pytest.mark.django_db
def test_report_without_cookies_is_asked_to_send_again(code: str) -> None:
    begun = begin(Client(), code)
    assert "再按一次发送" in text(send(Client(), code, begun))


@pytest.mark.django_db
def test_report_shows_the_photo_of_a_draft_to_its_holder_alone(phone: Client, code: str) -> None:
    begun = begin(phone, code, photo=picture())
    address = reverse("citizen:photo", args=[code])
    assert phone.get(f"{address}?d={seal_of(begun)}").headers["Content-Type"] == "image/jpeg"
    assert phone.get(f"{address}?d=forged").status_code == 302


@pytest.mark.django_db
def test_report_with_a_draft_of_another_compound_begins_anew(phone: Client, code: str, place: SimpleNamespace) -> None:
    place.other_compound.refresh_from_db()
    other = place.other_compound.card.code
    begun = begin(phone, code)
    answer = phone.get(f"{reverse('citizen:check', args=[other])}?d={seal_of(begun)}")
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("citizen:report", args=[other])


@pytest.mark.django_db
def test_open_report_of_no_compound_is_not_there(phone: Client) -> None:
    assert phone.get("/c/zzzzzzzzzz/report/").status_code == 404


@pytest.mark.django_db
def test_forget_unused_removes_a_photo_that_was_never_sent_and_keeps_those_of_cases(phone: Client, code: str) -> None:
    send(phone, code, begin(phone, code, photo=picture()))
    begin(phone, code, photo=picture(size=(500, 500)))
    later = timezone.now() + timedelta(days=2)
    assert forget_unused(actor=SYSTEM, at=later) == 1
    assert Attachment.objects.get() == CaseFile.objects.get().attachment
    assert forget_unused(actor=SYSTEM, at=later + timedelta(days=2)) == 0
    assert missing_files() == []


@pytest.mark.django_db
def test_every_everyday_tile_files_and_there_are_twelve_at_most(phone: Client, code: str) -> None:
    page = text(phone.get(reverse("citizen:report", args=[code])))
    tiles = re.findall(r'class="aj-tile"[^>]*value="([a-z_]+)"', page)
    assert len(tiles) == 12
    for tile in tiles:
        assert begin(phone, code, tile).status_code == 302
