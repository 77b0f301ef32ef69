"""Photos on their way to the public: looked at, blackened by hand, released by the reviewer, and only then seen."""

import io
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from anju.base.actor import STRANGER, Denied, Refused
from anju.base.models import Attachment, AuditEntry
from anju.cases.models import Case, CaseFile
from anju.cases.queries.photos import photos_of
from anju.cases.queries.published import public_ledger
from anju.cases.services.filing import Receipt, rate_case
from anju.cases.services.papers import Paper
from anju.cases.services.photos import blacken_photo, release_photo, withdraw_photo
from anju.web.cases.views_photos import LONG, SHORT, boxes_of, grid_of
from tests.base.pictures import picture, travelled
from tests.cases.conftest import Do
from tests.people import NOW

LATER = NOW + timedelta(days=4)


@pytest.fixture
def closed(people: SimpleNamespace, file_case: Callable[..., Receipt], handled: Callable[..., Case], do: Do) -> Case:
    """A complaint with one photo that was settled and rated."""
    paper = Paper("photo", "a.jpg", io.BytesIO(picture()), images_only=True)
    receipt = file_case(files=(paper,))
    case = handled(receipt.case)
    do(people.community_worker, case, "verify_pass", at=NOW + timedelta(days=2), note={"call_note": "电话核实"})
    return rate_case(actor=STRANGER, case=case, code=receipt.code, score=5, at=NOW + timedelta(days=3))


@pytest.fixture(autouse=True)
def _at_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anju.web.cases.views_photos.timezone.now", lambda: LATER)
    monkeypatch.setattr("anju.web.cases.views_cases.timezone.now", lambda: LATER)


def only(case: Case) -> str:
    [photo] = photos_of(case)
    return photo.file.public_name


def public(name: str) -> bool:
    answer = Client().get(reverse("ledger:photo", args=[name]))
    if answer.status_code == 200:
        return bool(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert answer.headers["Location"] == reverse("ledger:public")
    return False


def test_photo_is_blackened_released_seen_and_taken_back(people: SimpleNamespace, closed: Case, do: Do) -> None:
    reviewer, name = people.bureau_reviewer.client, only(closed)
    photos = reverse("cases:photos", args=[closed.pk])
    blacken = reverse("cases:blacken", args=[closed.pk, name])
    assert "公开前看照片" in reviewer.get(reverse("cases:case", args=[closed.pk])).content.decode()
    assert reviewer.get(blacken).content.decode().count('name="cell"') == LONG * SHORT
    said = reviewer.post(blacken, {"cell": ["0-0", "0-1", "x", "99-99"]}, follow=True).content.decode()
    assert "已另存一张涂黑的" in said
    plain, covered = photos_of(closed)
    assert (plain.covered, covered.covered) == (False, True)
    shown = reviewer.get(reverse("cases:file", args=[closed.pk, covered.file.public_name]))
    pixels = Image.open(io.BytesIO(b"".join(shown.streaming_content))).convert("RGB")
    assert pixels.getpixel((5, 5)) == (0, 0, 0)
    assert sum(pixels.getpixel((320, 240))) > 30  # type: ignore[arg-type]
    told = {"photo": covered.file.public_name, "do": "release"}
    assert "看过了" in reviewer.post(photos, told, follow=True).content.decode()
    assert not public(covered.file.public_name), "not before somebody says that he looked"
    reviewer.post(photos, told | {"looked": "1"})
    assert not public(covered.file.public_name), "not before the case is public"
    do(people.bureau_reviewer, closed, "release", at=LATER, note={"preview": "已看"})
    answer = Client().get(reverse("ledger:photo", args=[covered.file.public_name]))
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
    assert b"".join(answer.streaming_content)[:3] == b"\xff\xd8\xff"  # type: ignore[attr-defined]
    assert not public(name), "the one it was made from stays private"
    reviewer.post(photos, told | {"do": "withdraw"})
    assert not public(covered.file.public_name)
    acts = AuditEntry.objects.filter(action__startswith="file.").order_by("id").values_list("action", flat=True)
    assert list(acts) == ["file.blackened", "file.released", "file.withdrawn"]


def test_photos_are_for_whoever_reviews_the_case(people: SimpleNamespace, closed: Case) -> None:
    name = only(closed)
    for who in ("bureau_officer", "town_officer", "department_officer"):
        page = getattr(people, who).client.get(reverse("cases:photos", args=[closed.pk]), follow=True).content.decode()
        assert "由公开审查人看" in page
        with pytest.raises(Denied):
            release_photo(actor=getattr(people, who).actor, case=closed, name=name, looked=True, at=LATER)
    for who in ("manager", "other_town_officer"):
        assert getattr(people, who).client.get(reverse("cases:photos", args=[closed.pk])).status_code in (302, 404)
    assert not Attachment.objects.exclude(released_at=None).exists()


def test_photo_of_another_case_is_none_of_this(people: SimpleNamespace, closed: Case, file_case: Any) -> None:
    paper = Paper("photo", "b.jpg", io.BytesIO(picture(size=(200, 100))), images_only=True)
    other = only(file_case(key="o" * 20, files=(paper,)).case)
    actor = people.bureau_reviewer.actor
    with pytest.raises(Refused):
        blacken_photo(actor=actor, case=closed, name=other, boxes=[(0, 0, 9, 9)], at=LATER)
    with pytest.raises(Refused):
        release_photo(actor=actor, case=closed, name=other, looked=True, at=LATER)
    with pytest.raises(Refused):
        withdraw_photo(actor=actor, case=closed, name="none", at=LATER)
    address = reverse("cases:blacken", args=[closed.pk, other])
    assert people.bureau_reviewer.client.get(address).status_code == 404


def test_photos_of_what_belongs_to_a_person_are_never_public(people: SimpleNamespace, closed: Case, do: Do) -> None:
    actor, name = people.bureau_reviewer.actor, only(closed)
    release_photo(actor=actor, case=closed, name=name, looked=True, at=LATER)
    do(people.bureau_reviewer, closed, "release", at=LATER, note={"preview": "已看"})
    assert public(name)
    Case.objects.filter(pk=closed.pk).update(type="enforcement_lead")
    closed.refresh_from_db()
    assert not public(name)
    with pytest.raises(Refused):
        release_photo(actor=actor, case=closed, name=name, looked=True, at=LATER)


@pytest.fixture
def five_public(people: SimpleNamespace, closed: Case, do: Do, place: SimpleNamespace) -> str:
    """The case with its photo among five of its compound that are public."""
    name = only(closed)
    release_photo(actor=people.bureau_reviewer.actor, case=closed, name=name, looked=True, at=LATER)
    do(people.bureau_reviewer, closed, "release", at=LATER, note={"preview": "已看"})
    return name


def test_public_ledger_shows_released_photos_only_with_their_compound(
    monkeypatch: pytest.MonkeyPatch, five_public: str
) -> None:
    page = reverse("ledger:public")
    assert five_public not in Client().get(page).content.decode(), "one case alone is withheld"
    monkeypatch.setattr("anju.cases.queries.published.SMALL", 1)
    monkeypatch.setattr("anju.cases.queries.published.merged_small", lambda counts: (counts, 0))
    assert five_public in Client().get(page).content.decode()
    monkeypatch.setattr("anju.cases.queries.published.merged_small", lambda counts: ({}, sum(counts.values())))
    assert five_public not in Client().get(page).content.decode(), "a photo would say where it is"


@pytest.mark.parametrize("told", [{"type": "dispute"}, {"private": True}, {"undisclosed": True}])
def test_what_is_only_counted_is_counted_by_town_and_small_numbers_merged(
    told: dict[str, Any], closed: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (public_ledger().counted, public_ledger().counted_rest) == ((), 0)
    Case.objects.filter(pk=closed.pk).update(released=False, **told)
    assert (public_ledger().counted, public_ledger().counted_rest) == ((), 0), "one alone is not told"
    monkeypatch.setattr("anju.cases.queries.published.merged_small", lambda counts: (counts, 0))
    [(town, count)] = public_ledger().counted
    assert (count, public_ledger().rows) == (1, ())
    page = Client().get(reverse("ledger:public")).content.decode()
    assert "只公开件数的" in page
    assert f"{town}：1 件" in page
    Case.objects.filter(pk=closed.pk).update(closing="")
    assert public_ledger().counted == (), "what is not ended is not counted"


def test_fields_of_the_grid_are_boxes_of_the_picture() -> None:
    assert list(boxes_of(["0-0", "0-1", "17-23", "0-3", "0-1"], 2400, 1800)) == [
        (0, 0, 200, 100),
        (300, 0, 400, 100),
        (2300, 1700, 2400, 1800),
    ]
    assert list(boxes_of(["18-0", "0-24", "a-1", "1", "-", "٣-1", "1-1-1", "000-01"], 2400, 1800)) == []
    covered = {
        (x, y)
        for left, top, right, bottom in boxes_of(
            [f"{line}-{column}" for line in range(SHORT) for column in range(LONG)], 50, 31
        )
        for x in range(left, right)
        for y in range(top, bottom)
    }
    assert len(covered) == 50 * 31, "no seam between fields is left open"


def test_fields_of_an_upright_picture_are_square_as_well() -> None:
    assert (grid_of(2400, 1800), grid_of(1800, 2400), grid_of(900, 900)) == ((24, 18), (18, 24), (24, 18))
    assert list(boxes_of(["23-16", "23-17", "0-18"], 1800, 2400)) == [(1600, 2300, 1800, 2400)]


def test_original_is_sealed_as_evidence_and_opened_for_a_reason(
    people: SimpleNamespace, file_case: Callable[..., Receipt], handled: Callable[..., Case], do: Do
) -> None:
    shot = picture(exif=travelled())
    case = file_case(matter="WL03", files=(Paper("photo", "a.jpg", io.BytesIO(shot), images_only=True),)).case
    handled(case, to="sign", why={"reason": "正在施工，不先劝阻"})
    after = Paper("after_photo", "b.jpg", io.BytesIO(shot))
    note, at = {"reply_text": "不属实"}, NOW + timedelta(days=1)
    case = do(people.department_officer, case, "report_result", at=at, note=note, files=(after,), outcome="unfounded")
    given, taken = CaseFile.objects.order_by("pk").select_related("attachment")
    assert given.attachment.sealed_digest == "", "a reporter's picture is never kept as it came"
    assert taken.attachment.sealed_digest
    address = reverse("cases:original", args=[case.pk, taken.attachment.public_name])
    officer = people.department_officer.client
    assert "原图" in officer.get(reverse("cases:case", args=[case.pk])).content.decode()
    assert "用途会记入审计记录" in officer.get(address).content.decode()
    assert officer.post(address, {"reason": ""}).status_code == 200
    assert not AuditEntry.objects.filter(action="file.original_opened").exists()
    answer = officer.post(address, {"reason": "立案取证"})
    assert b"".join(answer.streaming_content) == shot
    assert answer["Content-Disposition"].startswith("attachment")
    assert AuditEntry.objects.filter(action="file.original_opened").count() == 1
    none = reverse("cases:original", args=[case.pk, given.attachment.public_name])
    assert "没有" in officer.post(none, {"reason": "立案取证"}).content.decode()
    assert people.manager.client.post(address, {"reason": "看看"}).status_code == 404
