"""The page of a compound's management area: pasted, chosen, checked, saved, ended; to whom; and what hostile texts get."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anju.base.actor import SYSTEM
from anju.places.queries.scoped import compounds_for, reaches
from anju.registry.models import ManagementArea
from anju.registry.services.areas import set_area
from anju.registry.services.indicators import load_indicators
from anju.rules.areas import BadArea, Fault, read_area
from anju.rules.permissions import Permission
from anju.web.registry.area_words import BAD, FAULTS, SYSTEMS, place_words, said_bad, said_fault, square_words
from tests.house.source import calls, modules
from tests.people import NOW, TODAY
from tests.registry.conftest import source

GEO = '{"type":"Polygon","coordinates":[[[108.5,20.6],[108.501,20.6],[108.501,20.601],[108.5,20.601],[108.5,20.6]]]}'
WORD = {
    "system": "cgcs2000",
    "kind": "filing",
    "source": "示例划定方案",
    "observed_on": "2026-11-20",
    "filed_on": "",
    "reason": "",
}


@pytest.fixture
def county(place: SimpleNamespace) -> SimpleNamespace:
    load_indicators(actor=SYSTEM, policy="demo", at=NOW)
    return place


def url(place: SimpleNamespace, more: str = "") -> str:
    return f"/facts/compounds/{place.compound.pk}/area/{more}"


def posted(people: SimpleNamespace, place: SimpleNamespace, area: str, **more: Any) -> Any:
    return people.town_officer.client.post(url(place), WORD | {"area": area} | more)


def test_area_is_checked_without_being_kept_then_saved(people: SimpleNamespace, county: SimpleNamespace) -> None:
    page = posted(people, county, GEO, check="1").content.decode()
    assert "核对结果：11,541.11 ㎡" in page
    assert "和相邻小区不重叠" in page
    assert not ManagementArea.objects.exists()
    answer = posted(people, county, GEO, save="1")
    assert answer.status_code == 302
    assert ManagementArea.objects.get().source.name == "示例划定方案"
    page = people.town_officer.client.get(url(county)).content.decode()
    assert "已保存为第 1 版" in page
    assert "韦城关" in page
    record = people.town_officer.client.get(f"/places/compounds/{county.compound.pk}/").content.decode()
    assert "11,541.11 ㎡" in record


def test_area_comes_as_a_file_and_stays_for_the_next_step(people: SimpleNamespace, county: SimpleNamespace) -> None:
    file = SimpleUploadedFile("a.geojson", ("\ufeff" + GEO).encode())
    page = posted(people, county, "", file=file, check="1").content.decode()
    assert "核对结果" in page
    assert "&quot;Polygon&quot;" in page
    both = posted(people, county, GEO, file=SimpleUploadedFile("a.geojson", GEO.encode()), check="1").content.decode()
    assert "只能给一样" in both
    for content in (b"\xff\xfe\x00", b"PK\x03\x04\xff"):
        answer = posted(people, county, "", file=SimpleUploadedFile("a.json", content), check="1")
        assert "不是 UTF-8 文本" in answer.content.decode()
    large = SimpleUploadedFile("a.json", b" " * (2 * 1024 * 1024 + 1))
    assert "最多 2 MB" in posted(people, county, "", file=large, check="1").content.decode()


def test_area_that_lies_in_a_neighbour_s_is_told_and_kept(people: SimpleNamespace, county: SimpleNamespace) -> None:
    set_area(
        actor=SYSTEM,
        compound=county.other_compound,
        area=read_area(GEO),
        source=source("filing"),
        observed_on=TODAY,
        at=NOW,
    )
    page = posted(people, county, GEO, check="1").content.decode()
    assert "江畔名邸" not in page
    page = people.bureau_officer.client.post(url(county), WORD | {"area": GEO, "check": "1"}).content.decode()
    assert "重叠 11,541.11 ㎡" in page
    assert "江畔名邸" in page
    assert people.bureau_officer.client.post(url(county), WORD | {"area": GEO, "save": "1"}).status_code == 302
    record = people.bureau_officer.client.get(f"/places/compounds/{county.compound.pk}/").content.decode()
    assert "重叠 11,541.11 ㎡" in record


def test_area_that_crosses_itself_is_explained_and_not_kept(people: SimpleNamespace, county: SimpleNamespace) -> None:
    bow = GEO.replace("[108.501,20.6],[108.501,20.601]", "[108.501,20.601],[108.501,20.6]")
    for button in ("check", "save"):
        page = posted(people, county, bow, **{button: "1"}).content.decode()
        assert "自己和自己相交" in page
        assert "东经 108.500500°，北纬 20.600500°" in page
    assert not ManagementArea.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "</textarea><script>alert(1)</script>",
        '{"type":"</script><script>alert(1)</script>"}',
        '{"type":"Polygon","coordinates":[[["<em>",1]]]}',
        "[" * 90_000,
        '{"type":"Polygon","coordinates":[[[NaN,NaN]]]}',
        "\x00",
        '{"crs":{"properties":{"name":"<i>x"}},"type":"Polygon"}',
    ],
)
def test_hostile_text_gets_a_sentence_and_nothing_else(
    text: str, people: SimpleNamespace, county: SimpleNamespace
) -> None:
    answer = posted(people, county, text, save="1")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "还不能提交" in page
    assert "<script>alert" not in page
    assert "<em>" not in page
    assert "<i>x" not in page
    assert not ManagementArea.objects.exists()


def test_area_page_is_read_by_those_who_see_and_changed_by_those_who_may(
    people: SimpleNamespace, county: SimpleNamespace
) -> None:
    for who, person in vars(people).items():
        if person.user is None:
            continue
        sees = person.client.get(url(county)).status_code == 200
        may = person.actor.may(Permission.FACT_EDIT) and reaches(person.actor.scope, county.compound.division)
        theirs = GEO.replace("108.501", f"108.{510 + person.user.pk % 400}")
        answer = person.client.post(url(county), WORD | {"area": theirs, "save": "1"})
        kept = ManagementArea.objects.filter(recorder=person.user).count()
        assert (answer.status_code, kept) == ((302, 1) if may else (404, 0)), who
        assert sees == (
            person.actor.may(Permission.FACT_VIEW)
            and compounds_for(person.actor).filter(pk=county.compound.pk).exists()
        ), who
    assert people.stranger.client.get(url(county)).status_code == 302


def test_area_is_ended_with_a_reason_and_its_versions_stay(people: SimpleNamespace, county: SimpleNamespace) -> None:
    posted(people, county, GEO, save="1")
    client = people.bureau_officer.client
    assert client.post(url(county, "end/"), {"reason": ""}).status_code == 200
    assert client.post(url(county, "end/"), {"reason": "画错了"}).status_code == 302
    page = client.get(url(county)).content.decode()
    assert "注销" in page
    assert "画错了" in page
    past = client.get(url(county, "?version=1")).content.decode()
    assert "这是第 1 版" in past
    assert client.get(url(county, "?version=x%00")).status_code == 200
    again = client.post(url(county, "end/"), {"reason": "再来"}).content.decode()
    assert "现在没有管理区域" in again


def test_overlaps_are_listed_for_those_within_reach(people: SimpleNamespace, county: SimpleNamespace) -> None:
    where = "/facts/areas/overlaps/"
    assert "还没有管理区域" in people.bureau_officer.client.get(where).content.decode()
    for row in (county.compound, county.other_compound):
        told: dict[str, Any] = {"source": source("filing"), "observed_on": TODAY, "at": NOW}
        set_area(actor=SYSTEM, compound=row, area=read_area(GEO), **told)
    page = people.bureau_officer.client.get(where).content.decode()
    assert "11,541.11 ㎡" in page
    page = people.town_officer.client.get(where).content.decode()
    assert "没有重叠" in page
    assert "江畔名邸" not in page


def test_every_reason_has_its_sentence() -> None:
    raised = {
        call.args[0].value  # type: ignore[attr-defined]
        for path, tree in modules("rules", "web")
        for call in calls(tree, "BadArea")
        if "areas" in path.name
    }
    assert raised == set(BAD)
    values = {"most": 2, "line": 1, "column": 1, "found": "x", "count": 3, "kilometres": 1200}
    for code in BAD:
        assert "{" not in said_bad(BadArea(code, **values))
    assert said_bad(BadArea("no_polygon")).startswith("里面没有多边形。")
    for code in FAULTS:
        assert "东经" in said_fault(Fault(code, (1_085_000_000, 206_000_000)))
    assert place_words((1_085_000_001, 206_000_009)) == "东经 108.500000°，北纬 20.600000°"
    assert square_words(1_234_507) == "12,345.07 ㎡"
    assert len(SYSTEMS) == 5
