"""Management areas in Chinese: why a text is no area, what is wrong with a boundary, systems of coordinates, sizes."""

from anju.rules.areas import BadArea, Fault
from anju.rules.coordinates import BD09, CGCS2000, GCJ02, STEPS, UNKNOWN, WGS84

SYSTEMS = (
    (CGCS2000, "国家 2000（CGCS2000）：天地图、测绘成果"),
    (WGS84, "WGS-84：GPS、手机定位"),
    (GCJ02, "GCJ-02：高德、腾讯地图"),
    (BD09, "BD-09：百度地图"),
    (UNKNOWN, "不清楚（画成概略，可能偏几百米）"),
)
BAD: dict[str, str] = {
    "both": "粘贴的内容和文件只能给一样。请清空文本框，或不选文件。",
    "empty": "还没有区域。请在图上画，或粘贴 GeoJSON，或选一个文件。",
    "too_long": "内容太大，最多 {most} MB。请在绘图软件里简化边线后再导出。",
    "not_text": "文件不是 UTF-8 文本。请导出为 GeoJSON（.geojson 或 .json）。",
    "not_json": "第 {line} 行第 {column} 个字起读不懂，不是完整的 GeoJSON。请整段复制，或重新导出文件。",
    "not_a_number": "坐标里有不是数字的内容“{found}”。每个点要写成 [经度, 纬度]。",
    "shape": "坐标的层次不对：一个区域是若干圈，一圈是若干点，一个点是 [经度, 纬度]。请用绘图软件重新导出。",
    "no_polygon": "里面没有多边形{found}。请导出面（Polygon 或 MultiPolygon），不是点或线。",
    "several": "里面有 {count} 个图形，一次只能登记一个小区的一个区域。分成几块的请合成一个 MultiPolygon。",
    "foreign_system": "坐标系“{found}”不是经纬度。请导出为 CGCS2000（EPSG:4490）或 WGS-84（EPSG:4326）经纬度。",
    "too_many_points": "点太多，最多 {most:,} 个。小区的边线一般几十个点就够，请简化后再导出。",
    "short_ring": "有一圈不到三个角，围不成面。请补齐。",
    "not_closed": "有一圈没有闭合：最后一个点要和第一个点相同。",
    "metres": "坐标超过了经纬度的范围，像是以米为单位的平面坐标。请导出为经纬度（度）。",
    "swapped": "经度和纬度写反了：GeoJSON 要先写经度，再写纬度。请对调后再试。",
    "outside": "区域离本县太远（约 {kilometres:,} 公里）。请核对坐标和所选的坐标系。",
}
FAULTS: dict[str, str] = {
    "crossing": "边线自己和自己相交（或重复走过同一处），分不清里外。请把交叉处的角点顺序改对。",
    "hole_outside": "挖空的部分落在区域外面。",
    "nested": "几块互相套在一起，或挖空的部分互相重叠。",
    "split": "挖空的部分把区域切断了。请分成几块。",
    "thin": "有一圈的点都在一条线上，没有面积。",
    "other": "边线不成一个面，请检查后重画。",
}
SIZES: dict[str, str] = {
    "tiny": "面积不到 10 ㎡，不像一个小区。请核对坐标。",
    "huge": "面积超过 20 平方公里，不像一个小区。请核对坐标。",
}


def said_bad(bad: BadArea) -> str:
    """Return the sentence for why a text is no area."""
    found = bad.values.get("found", "")
    if bad.code == "no_polygon" and found:
        found = f"，而是 {found}"
    return BAD[bad.code].format(**{**bad.values, "found": found})


def said_fault(fault: Fault) -> str:
    where = f"位置：{place_words(fault.place)}，图上已标出。" if fault.place else ""
    return FAULTS[fault.code] + where


def place_words(place: tuple[int, int]) -> str:
    """Return 东经 108.500500°，北纬 20.600500°."""
    return f"东经 {_degrees(place[0])}°，北纬 {_degrees(place[1])}°"


def _degrees(steps: int) -> str:
    return f"{steps // STEPS}.{steps % STEPS:07}"[:-1]


def square_words(size: int) -> str:
    """Return an area of 0.01 m2 steps as 11,541.11 ㎡."""
    return f"{size // 100:,}.{size % 100:02} ㎡"
