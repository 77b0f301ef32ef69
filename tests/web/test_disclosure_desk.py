"""公开审查, posters and corrections at the desk."""

import io
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from anju.disclosure.models import Correction, Release, ReleaseProposal, Revocation
from anju.disclosure.services.releases import Place
from anju.registry.models import Indicator
from tests.disclosure.conftest import BASIS, Release_, Tell, code_of, indicators, release, tell
from tests.people import NOW

__all__ = ["indicators", "release", "tell"]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def posters(client: Client, paper: str, *pks: int) -> Any:
    asked: list[tuple[str, str | int]] = [("paper", paper), *(("compound", pk) for pk in pks)]
    return client.get(f"{reverse('disclosure:poster_pdf')}?{urlencode(asked)}")


def test_officer_proposes_reviewer_agrees_and_the_public_sees_it(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    tell(place.compound, "households", "612户")
    officer, reviewer = people.bureau_officer.client, people.bureau_reviewer.client
    form = {"division": place.county.pk, "compound": "", "items": ["households", "fee"], "basis": BASIS}
    sent = officer.post(reverse("disclosure:propose"), form, follow=True)
    row = ReleaseProposal.objects.get()
    assert "等房管所复核审查" in text(sent)
    assert "公开审查：是否同意公开" in text(reviewer.get(reverse("home:today")))
    preview = text(reviewer.get(reverse("disclosure:preview", args=[place.compound.pk]), {"proposal": row.pk}))
    assert "612户" in preview
    assert "待审的 2 项" in preview
    assert Client().get(f"/c/{code_of(place.compound)}/").status_code == 404
    reviewer.post(reverse("disclosure:proposal", args=[row.pk]), {"decision": "agree"})
    assert "612户" in text(Client().get(f"/c/{code_of(place.compound)}/"))
    page = text(officer.get(reverse("disclosure:releases")))
    for words in ("示例县全部小区", "林复核", BASIS):
        assert words in page


def test_reviewer_sends_back_with_a_reason(
    place: SimpleNamespace, people: SimpleNamespace, indicators: dict[str, Any]
) -> None:
    form = {"division": place.town.pk, "compound": "示例·碧水花园（城北社区）", "items": ["fee"], "basis": BASIS}
    people.bureau_officer.client.post(reverse("disclosure:propose"), form)
    row = ReleaseProposal.objects.get()
    assert (row.compound, row.division) == (place.compound, None)
    address = reverse("disclosure:proposal", args=[row.pk])
    assert "请写明原因" in text(people.bureau_reviewer.client.post(address, {"decision": "send_back"}))
    people.bureau_reviewer.client.post(address, {"decision": "send_back", "reason": "依据不清"})
    assert "依据不清" in text(people.bureau_officer.client.get(reverse("disclosure:releases")))
    assert not Release.objects.exists()


def test_officer_cannot_agree_to_a_proposal(
    place: SimpleNamespace, people: SimpleNamespace, indicators: dict[str, Any]
) -> None:
    form = {"division": place.county.pk, "compound": "", "items": ["fee"], "basis": BASIS}
    people.bureau_officer.client.post(reverse("disclosure:propose"), form)
    address = reverse("disclosure:proposal", args=[ReleaseProposal.objects.get().pk])
    assert people.bureau_officer.client.post(address, {"decision": "agree"}).status_code == 404
    assert not Release.objects.exists()


def test_form_offers_no_item_that_may_not_be_public(people: SimpleNamespace, indicators: dict[str, Any]) -> None:
    page = text(people.bureau_officer.client.get(reverse("disclosure:propose")))
    assert 'value="households"' in page
    assert "manager" not in page
    assert "company_phone" not in page


def test_releases_are_stopped_together_after_a_reason(
    place: SimpleNamespace, people: SimpleNamespace, release: Release_
) -> None:
    rows = release(Place(division=place.county), "households", "fee", "buildings")
    asked = "&".join(f"release={row.pk}" for row in rows[:2])
    address = f"{reverse('disclosure:revoke')}?{asked}"
    page = text(people.bureau_officer.client.get(address))
    assert all(row.indicator.name in page for row in rows[:2])
    people.bureau_officer.client.post(address, {"reason": "误公开"})
    assert Revocation.objects.count() == 2
    assert "没有选要停止公开的项目" in text(people.bureau_officer.client.get(address))


def test_poster_says_what_is_public_and_where_to_look(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell, release: Release_, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://anju.example.gov.cn"
    tell(place.compound, "households", "612户")
    tell(place.compound, "manager_phone", "13512345678")
    tell(place.compound, "fee", "1.20元/㎡·月", sure=False)
    release(Place(division=place.county), "households", "fee")
    for paper, size in (("a4", (595, 842)), ("a3", (842, 1191))):
        answer = posters(people.bureau_officer.client, paper, place.compound.pk, place.other_compound.pk)
        found = PdfReader(io.BytesIO(answer.content))
        assert len(found.pages) == 2
        assert [round(float(part)) for part in found.pages[0].mediabox[2:]] == list(size)
        pages = dict(zip(("碧水花园", "江畔名邸"), _texts(found), strict=True))
        assert all(name in words for name, words in pages.items())
        here = pages["碧水花园"]
        assert "612户" in here
        assert "待核实" in here
        assert f"https://anju.example.gov.cn/c/{code_of(place.compound)}/" in here
        assert "1.20" not in here
        assert "13512345678" not in here


def _texts(found: PdfReader) -> list[str]:
    return [page.extract_text().replace("\n", "").replace(" ", "") for page in found.pages]


def test_poster_without_an_address_of_its_own_takes_the_request_s(
    place: SimpleNamespace, people: SimpleNamespace, release: Release_
) -> None:
    release(Place(division=place.county), "fee")
    answer = people.town_officer.client.get(
        reverse("disclosure:poster_pdf"), {"compound": place.compound.pk, "paper": "a4"}, HTTP_HOST="localhost"
    )
    assert "http://localhost/c/" in _texts(PdfReader(io.BytesIO(answer.content)))[0]


@pytest.mark.parametrize("paper", ["a4", "a3"])
def test_poster_with_everything_on_it_and_a_long_name_stays_one_page(
    place: SimpleNamespace, people: SimpleNamespace, release: Release_, indicators: dict[str, Any], paper: str
) -> None:
    place.compound.name = "示例·" + "很长的小区名" * 10
    place.compound.save()
    release(Place(division=place.county), *(code for code, row in indicators.items() if row.public))
    answer = posters(people.bureau_officer.client, paper, place.compound.pk)
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 1


def test_posters_only_of_compounds_within_reach_and_open(
    place: SimpleNamespace, people: SimpleNamespace, release: Release_
) -> None:
    release(Place(compound=place.compound), "fee")
    town = people.town_officer.client
    assert posters(town, "a4", place.compound.pk).status_code == 200
    for client, pks in ((town, (place.other_compound.pk,)), (people.other_town_officer.client, (place.compound.pk,))):
        refused = posters(client, "a4", *pks)
        assert refused.status_code == 422
        assert "还没有公开的项目，或不在您的范围内" in text(refused)
    assert posters(town, "a0", place.compound.pk).status_code == 422
    assert posters(town, "a4").headers["Location"] == reverse("disclosure:posters")


def test_compound_page_says_how_much_of_it_is_public(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell, release: Release_
) -> None:
    address = reverse("places:compound", args=[place.compound.pk])
    tell(place.compound, "households", "612户")
    assert "还没有公开的项目" in text(people.town_officer.client.get(address))
    release(Place(division=place.county), "households", "fee")
    assert "居民能看到 1 项，另有 1 项" in text(people.town_officer.client.get(address))
    assert "居民能看到" not in text(people.manager.client.get(address))


def test_town_hands_a_correction_to_the_bureau(place: SimpleNamespace, people: SimpleNamespace, tell: Tell) -> None:
    tell(place.compound, "households", "612户")
    row = Correction.objects.create(
        compound=place.compound,
        indicator=Indicator.objects.get(code="households"),
        shown="612户",
        wrong="figure",
        code="0123456789",
        town=place.town,
        asked_at=NOW,
    )
    town, bureau, address = people.town_officer.client, people.bureau_officer.client, ("disclosure:hand_over", row.pk)
    page = reverse("disclosure:correction", args=[row.pk])
    assert "转办" in text(town.get(page))
    assert "转办" not in text(bureau.get(page))
    town.post(reverse(address[0], args=[row.pk]), {"reason": ""})
    assert not row.handovers.exists()
    assert "已转给县住建局" in text(
        town.post(reverse(address[0], args=[row.pk]), {"reason": "以备案为准"}, follow=True)
    )
    assert "以备案为准" in text(bureau.get(page))
    assert "县住建局" in text(bureau.get(reverse("disclosure:corrections")))
    assert people.other_town_officer.client.get(reverse(address[0], args=[row.pk])).status_code == 404
