"""The line of a key is found whatever stands around it."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from anju.rules.policy_lines import line_at, lines_of

TEXT = '''\
a = 1
b = """
c = 2
[[no]]
\\""" d = 3 """""
e = [
  "f = 4", # [
  [ "]", '[' ],
]
g.h = 5
"i" = 6
j = \'\'\'
k = 7\'\'\'
[t]
l = 8 # m = 9
[[u]]
n = 10
[[u]]
n = 11
[u.v]
o = 12
[[u.w]]
p = 13
[[u.w]]
p = 14
[[u]]
n = { q = 15 }
[t.s]
r = 16
'''


def test_find_line_of_every_kind_of_key() -> None:
    tomllib.loads(TEXT)
    assert lines_of(TEXT) == {
        ("a",): 1,
        ("b",): 2,
        ("e",): 6,
        ("g",): 10,
        ("g", "h"): 10,
        ("i",): 11,
        ("j",): 12,
        ("t",): 14,
        ("t", "l"): 15,
        ("u",): 16,
        ("u", 0): 16,
        ("u", 0, "n"): 17,
        ("u", 1): 18,
        ("u", 1, "n"): 19,
        ("u", 1, "v"): 20,
        ("u", 1, "v", "o"): 21,
        ("u", 1, "w", 0): 22,
        ("u", 1, "w", 0, "p"): 23,
        ("u", 1, "w", 1): 24,
        ("u", 1, "w", 1, "p"): 25,
        ("u", 2): 26,
        ("u", 2, "n"): 27,
        ("t", "s"): 28,
        ("t", "s", "r"): 29,
    }


def test_find_line_of_what_is_written_inside_gives_the_line_around_it() -> None:
    lines = lines_of(TEXT)
    assert line_at(lines, ("u", 2, "n", "q")) == 27
    assert line_at(lines, ("u", 1, "missing")) == 18
    assert line_at(lines, ("nowhere",)) == 1


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text(max_size=20), st.booleans()), max_size=8))
def test_find_line_of_keys_among_any_strings(rows: list[tuple[str, str, bool]]) -> None:
    """Each table holds one key with a string of any content, on one line or over several."""
    text, expected = "", {}
    for number, (key, content, long) in enumerate(rows):
        escaped = "".join(
            f"\\U{ord(mark):08x}" if mark in '\\"' or ord(mark) < 32 or ord(mark) == 127 else mark for mark in content
        )
        escaped = "".join(f"\\U{ord(mark):08x}" if 0xD800 <= ord(mark) <= 0xDFFF else mark for mark in escaped)
        text += "[[row]]\n"
        expected["row", number, key] = text.count("\n") + 1
        text += f'{key} = """\n[[row]]\n{escaped}\n{key} = """\n' if long else f'{key} = "{escaped}"\n'
    assert len(tomllib.loads(text).get("row", [])) == len(rows)
    lines = lines_of(text)
    assert {path: lines[path] for path in expected} == expected
