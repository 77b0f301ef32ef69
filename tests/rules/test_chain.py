"""The chain holds exactly when nothing was touched."""

from hypothesis import given
from hypothesis import strategies as st

from anju.rules.chain import GENESIS, Break, Sealed, canonical, first_break, link


def chained(bodies: list[str]) -> list[Sealed]:
    rows, previous = [], GENESIS
    for seq, body in enumerate(bodies, start=1):
        rows.append(Sealed(seq, body, previous, link(previous, body)))
        previous = rows[-1].digest
    return rows


def test_link_of_known_text_is_the_known_digest() -> None:
    """sha256 of 32 zero bytes and the three bytes of 中, computed with coreutils."""
    assert link(GENESIS, "中") == "f3a9ea1cc24fd1b7eafd5b4bf55a4b34a0774a5d5bcfd71535a12e7e231183a2"


def test_canonical_text_sorts_keys_and_keeps_characters() -> None:
    assert canonical({"b": 1, "a": "中"}) == '{"a":"中","b":1}'


@given(st.lists(st.text(), max_size=8))
def test_first_break_of_an_untouched_chain_is_none(bodies: list[str]) -> None:
    assert first_break(chained([body.encode("utf-8", "replace").decode() for body in bodies])) is None


@given(st.lists(st.text(alphabet="甲乙丙ab"), min_size=1, max_size=8), st.data())
def test_first_break_of_an_altered_body_is_that_entry(bodies: list[str], data: st.DataObject) -> None:
    rows = chained(bodies)
    at = data.draw(st.integers(0, len(rows) - 1))
    rows[at] = Sealed(rows[at].seq, rows[at].body + "!", rows[at].previous, rows[at].digest)
    assert first_break(rows) == Break(at + 1, "altered")


def test_first_break_of_a_chain_with_a_hole_is_the_hole() -> None:
    rows = chained(["甲", "乙", "丙"])
    assert first_break([rows[0], rows[2]]) == Break(2, "gap")


def test_first_break_of_a_spliced_chain_is_the_splice() -> None:
    rows, other = chained(["甲", "乙"]), chained(["丁", "戊"])
    assert first_break([rows[0], other[1]]) == Break(2, "forked")
