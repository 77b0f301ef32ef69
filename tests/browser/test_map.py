"""The map in a real browser: markers at both widths, the list beside it, an area drawn by clicking and one pasted without scripts."""

import json

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, expect

from anju.places.models import Compound
from anju.registry.models import ManagementArea
from tools.tours.walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("demo")]
desk_only = pytest.mark.parametrize("width", [1440], indirect=True, ids=["desk"])


def area_page(name: str) -> str:
    return reverse("registry:area", args=[Compound.objects.get(name=f"示例·{name}").pk])


def test_map_shows_markers_and_areas_and_fits_the_screen(walk: Walk) -> None:
    walk.become("陈示例")
    walk.open("/table/map/")
    walk.page.wait_for_selector("[data-drawn]")
    walk.fits()
    box = walk.page.locator(".aj-geo-map").bounding_box()
    assert box is not None
    assert box["height"] > 300
    marks = walk.page.locator(".aj-geo-dot")
    assert marks.count() == 18
    for at in (0, 9, 17):
        mark = marks.nth(at).bounding_box()
        assert mark is not None
        assert box["x"] <= mark["x"] <= box["x"] + box["width"]
        assert box["y"] <= mark["y"] <= box["y"] + box["height"]
    expect(walk.page.locator(".leaflet-control-scale-line")).to_contain_text("m")
    expect(walk.page.locator(".aj-geo-town > span").first).to_be_visible()
    walk.see("概略", "18 个有坐标", "3 个有管理区域")


def test_map_of_thousands_shows_groups_that_open_by_keyboard(walk: Walk) -> None:
    """Constructed points around the county, handed to the page as its data."""
    spread = [(108.4 + at % 60 / 200, 20.5 + at // 60 / 200, at) for at in range(3000)]
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [east, north]},
            "properties": {
                "id": at,
                "name": f"示例·{at}",
                "state": "company" if at % 50 else "unmanaged",
                "town": "城关镇",
            },
        }
        for east, north, at in spread
    ]
    page = walk.page
    page.route(
        "**/table/map/places/**", lambda route: route.fulfill(json={"type": "FeatureCollection", "features": features})
    )
    walk.become("陈示例")
    walk.open("/table/map/")
    page.wait_for_selector("[data-drawn='3000']")
    groups, dots = page.locator(".aj-geo-group"), page.locator(".aj-geo-dot")
    walk.fits()
    numbers = [int(text.replace(",", "")) for text in groups.all_inner_texts()]
    assert sum(numbers) + dots.count() == 3000
    assert 3 < len(numbers) + dots.count() < 300
    largest = numbers.index(max(numbers))
    assert "个小区，失管" in (groups.nth(largest).get_attribute("aria-label") or "")
    groups.nth(largest).focus()
    before = page.locator(".leaflet-control-scale-line").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-control-scale-line")).not_to_have_text(before)
    assert page.evaluate("document.querySelector('.aj-geo-map').contains(document.activeElement)")
    assert 0 < groups.count() + dots.count() < 300
    page.keyboard.press("ArrowRight")
    expect(page.locator(".aj-geo-map")).to_be_visible()


@desk_only
def test_map_keeps_the_selection_and_opens_a_compound(walk: Walk) -> None:
    walk.become("陈示例")
    walk.open("/table/?state=unmanaged")
    walk.press("地图")
    walk.page.wait_for_selector("[data-drawn]")
    assert "state=unmanaged" in walk.page.url
    walk.see_nothing_of("碧水花园")
    walk.page.locator("[data-place]").filter(has_text="老粮所宿舍").focus()
    expect(walk.page.locator(".leaflet-tooltip")).to_have_text("示例·老粮所宿舍")
    walk.page.locator(".aj-geo-dot").first.click()
    walk.page.wait_for_url("**/places/compounds/**")
    walk.see("失管")


@desk_only
def test_area_is_drawn_by_clicking_then_checked_and_saved(walk: Walk) -> None:
    walk.become("陈示例")
    walk.open(area_page("荷塘小区"))
    page = walk.page
    page.wait_for_selector("[data-drawn]")
    page.get_by_role("button", name="在图上画").click()
    box = page.locator(".aj-geo-map").bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for east, south in ((-60, -50), (60, -50), (60, 50), (-60, 50), (200, 150)):
        page.mouse.click(middle[0] + east, middle[1] + south)
    page.get_by_role("button", name="撤销一点").click()
    drawn = json.loads(page.locator("textarea[name=area]").input_value())
    assert len(drawn["coordinates"][0]) == 5
    page.get_by_label("来源", exact=True).select_option("filing")
    page.get_by_role("button", name="核对，先不保存").click()
    walk.see("核对结果", "可以保存")
    page.get_by_role("button", name="保存为第 1 版").click()
    walk.see("已保存为第 1 版")
    assert ManagementArea.objects.filter(compound__name="示例·荷塘小区").count() == 1


@desk_only
def test_bow_tie_is_shown_where_it_crosses(walk: Walk) -> None:
    walk.become("陈示例")
    walk.open(area_page("荷塘小区"))
    walk.page.locator("textarea[name=area]").fill(
        '{"type":"Polygon","coordinates":[[[108.503,20.595],[108.505,20.597],[108.505,20.595],[108.503,20.597],[108.503,20.595]]]}'
    )
    walk.page.get_by_label("来源", exact=True).select_option("filing")
    walk.page.get_by_role("button", name="核对，先不保存").click()
    walk.see("自己和自己相交", "东经 108.504000°")
    expect(walk.page.locator(".leaflet-tooltip", has_text="问题在这里")).to_be_visible()
    expect(walk.page.get_by_role("button", name="保存为")).to_have_count(0)


def test_area_is_pasted_without_scripts(plain_context: BrowserContext, live_server: object) -> None:
    page, address = plain_context.new_page(), live_server.url  # type: ignore[attr-defined]
    page.goto(f"{address}/personas/")
    page.get_by_role("button", name="陈示例").first.click()
    page.goto(f"{address}/table/map/")
    expect(page.get_by_role("link", name="碧水花园").first).to_be_visible()
    page.goto(address + area_page("荷塘小区"))
    page.locator("textarea[name=area]").fill(
        '{"type":"Polygon","coordinates":[[[108.503,20.595],[108.505,20.595],[108.505,20.597],[108.503,20.597],[108.503,20.595]]]}'
    )
    page.get_by_label("来源", exact=True).select_option("filing")
    page.get_by_role("button", name="核对，先不保存").click()
    page.get_by_role("button", name="保存为第 1 版").click()
    expect(page.locator("main")).to_contain_text("已保存为第 1 版")
