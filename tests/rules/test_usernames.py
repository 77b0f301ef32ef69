import pytest

from anju.rules.usernames import is_username, suggest_username


@pytest.mark.parametrize("name", ["chen", "chen.jb", "a1", "wei_chengguan", "x" * 30])
def test_accept_username(name: str) -> None:
    assert is_username(name)


@pytest.mark.parametrize(
    "name", ["", "a", "1a", "Chen", "陈", "chen jb", "chen\n", "ｃｈｅｎ", "x" * 31, "<b>", "-chen"]
)
def test_refuse_username(name: str) -> None:
    assert not is_username(name)


def test_suggest_username_that_is_free() -> None:
    assert suggest_username("chenjingban", ()) == "chenjingban"
    assert suggest_username("chenjingban", {"chenjingban", "chenjingban2"}) == "chenjingban3"


@pytest.mark.parametrize("pinyin", ["", "𠮷", "e", "lüx", "a" * 200, "阿·bu"])
def test_suggest_username_that_can_be_used(pinyin: str) -> None:
    assert is_username(suggest_username(pinyin, ()))
