import pytest

from anju.rules.names import MAX_NAME, BadName, tidy_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  碧水\u3000花园 \n", "碧水 花园"),
        ("e\u0301", "\u00e9"),
        ("䶮𠮷", "䶮𠮷"),
        ("长" * MAX_NAME + " " * MAX_NAME, "长" * MAX_NAME),
    ],
)
def test_tidy_name_keeps_the_name_and_nothing_around_it(text: str, name: str) -> None:
    assert tidy_name(text) == name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \t\n", "empty"),
        ("长" * (MAX_NAME + 1), "too_long"),
        (" " * (MAX_NAME * 4 + 1), "too_long"),  # not even read
        ("碧水\u202e园花", "deceiving"),
        ("碧水\u200b花园", "deceiving"),
        ("碧水\x07花园", "control"),
        ("碧水\ud800", "control"),
    ],
)
def test_tidy_name_refuses(text: str, code: str) -> None:
    with pytest.raises(BadName) as refused:
        tidy_name(text)
    assert refused.value.code == code
