import pytest

from anju.rules.divisions import awaiting_code, is_code, level_below


@pytest.mark.parametrize(
    ("code", "level", "below", "fits"),
    [
        ("990001", "county", "", True),
        ("990001100", "town", "990001", True),
        ("990001100001", "community", "990001100", True),
        ("990001100", "community", "990001100", False),
        ("990002100", "town", "990001", False),
        ("99000110０", "town", "990001", False),
        ("99000110²", "town", "990001", False),
        ("", "county", "", False),
    ],
)
def test_judge_division_code(code: str, level: str, below: str, fits: bool) -> None:
    assert is_code(code, level, below=below) is fits


def test_name_the_level_below() -> None:
    assert [level_below(level) for level in ("county", "town", "community")] == ["town", "community", None]


def test_give_the_holder_a_code_of_its_level() -> None:
    assert is_code(awaiting_code("990001"), "town", below="990001")
