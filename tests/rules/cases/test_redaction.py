"""What of a place tells of a person."""

import pytest

from anju.rules.cases.redaction import covered_place


@pytest.mark.parametrize(
    ("place", "covered"),
    [
        ("3栋2单元501室", "3栋2单元████"),
        ("3栋2单元501", "3栋2单元███"),
        ("3栋2单元 501", "3栋2单元 ███"),
        ("三栋二单元五零一 楼道", "三栋二单元███ 楼道"),
        ("３栋２单元５０１", "３栋２单元███"),
        ("12号楼1202户 电梯", "12号楼█████ 电梯"),
        ("3-2-501", "███████"),
        ("501", "███"),
        ("3栋门口13500000001", "3栋门口███████████"),
        ("王阿姨家门口", "███家门口"),
        ("3栋2单元楼道", "3栋2单元楼道"),
        ("101栋一单元 11层", "101栋一单元 11层"),
        ("地下车库", "地下车库"),
        ("", ""),
    ],
)
def test_cover_place_leaves_the_house_and_no_room(place: str, covered: str) -> None:
    assert covered_place(place) == covered
