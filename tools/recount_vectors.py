"""Test vectors of anju-recount/1, made from the hand-worked cases: `python -m tools.recount_vectors` writes them anew."""

import base64
import json
from pathlib import Path
from typing import Any

from anju.rules.voting.recount_format import read_recount, result
from tests.rules.voting.tables import document_of_roll, document_of_totals, table

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "recount-vectors"
Vector = dict[str, Any]

_HEAD = '{"format": "anju-recount/1", "matter": "ordinary"'
_ROLL = '"roll": [{"unit": "1", "area": "10", "voter": "a"}, {"unit": "2", "area": "20.5", "voter": "b"}]'
_TOTALS = '"heads": 9, "area": "90", "participating_heads": 6, "participating_area": "60"'


def _rolled(row: str, ballots: str = "[]") -> str:
    return f'{_HEAD}, "roll": [{row}], "ballots": {ballots}}}'


def _voted(ballots: str) -> str:
    return f'{_HEAD}, {_ROLL}, "ballots": [{ballots}]}}'


def _totalled(figures: str) -> str:
    return f'{_HEAD}, "totals": {{{figures}}}}}'


def _sized(area: str) -> str:
    return _rolled(f'{{"unit": "1", "area": {area}, "voter": "a"}}')


def _named(name: str) -> str:
    return _rolled(f'{{"unit": "1", "area": "10", "voter": {name}}}')


REFUSED: tuple[tuple[str, str | bytes, str], ...] = (
    ("byte order mark", b"\xef\xbb\xbf" + _totalled(_TOTALS).encode(), "byte_order_mark"),
    ("GBK", _voted("").replace("a", "张").encode("gbk"), "not_utf8"),
    ("cut off", _totalled(_TOTALS)[:-1], "not_json"),
    ("nothing", "", "not_json"),
    ("NaN", _totalled('"heads": NaN'), "not_json"),
    ("single quotes", "{'format': 1}", "not_json"),
    ("comma at the end", _totalled(_TOTALS + ","), "not_json"),
    ("NUL between", _totalled("\x00" + _TOTALS), "not_json"),
    ("line break in a string", _named('"a\n"'), "not_json"),
    ("fifty thousand brackets", "[" * 50_000, "too_deep"),
    ("a key twice", _totalled('"heads": 9, "heads": 8'), "repeated_key"),
    ("a key twice in the roll", _rolled('{"unit": "1", "unit": "2", "area": "1", "voter": "a"}'), "repeated_key"),
    ("heads with a fraction", _totalled('"heads": 9.0'), "number_not_whole"),
    ("heads with an exponent", _totalled('"heads": 1e2'), "number_not_whole"),
    ("an area as a number", _sized("88.5"), "number_not_whole"),
    ("huge heads", _totalled(f'"heads": 1{"0" * 15}'), "number_too_big"),
    ("five thousand digits", _totalled(f'"heads": {"9" * 5000}'), "number_too_big"),
    ("an empty list", "[]", "empty_list"),
    ("null", "null", "not_object"),
    ("totals as a list", f'{_HEAD}, "totals": []}}', "not_object"),
    ("a row that is text", _rolled('"1"'), "not_object"),
    ("roll as an object", f'{_HEAD}, "roll": {{}}, "ballots": []}}', "not_list"),
    ("ballots null", f'{_HEAD}, {_ROLL}, "ballots": null}}', "not_list"),
    ("an unknown field", f'{_HEAD}, "title": "x", "totals": {{}}}}', "field_unknown"),
    ("an unknown field in the totals", _totalled('"head": 9'), "field_unknown"),
    ("an unknown field in a row", _rolled('{"unit": "1", "area": "1", "voter": "a", "note": ""}'), "field_unknown"),
    ("a row without an area", _rolled('{"unit": "1", "voter": "a"}'), "field_missing"),
    ("a roll without ballots", f"{_HEAD}, {_ROLL}}}", "field_missing"),
    ("another format", '{"format": "anju-recount/2", "matter": "ordinary", "totals": {}}', "format_unknown"),
    ("no format", '{"matter": "ordinary", "totals": {}}', "format_unknown"),
    ("no matter", '{"format": "anju-recount/1", "totals": {}}', "matter_unknown"),
    ("an unknown matter", '{"format": "anju-recount/1", "matter": "unanimous", "totals": {}}', "matter_unknown"),
    ("an unknown rule", f'{_HEAD}, "profile": "civil-code-76", "totals": {{}}}}', "profile_unknown"),
    ("no rule at all", f'{_HEAD}, "profile": null, "totals": {{}}}}', "profile_unknown"),
    ("a flag of 1", f'{_HEAD}, "invalid_participates": 1, "totals": {{}}}}', "flag_not_boolean"),
    ("a flag in words", f'{_HEAD}, "silent_counts_with_majority": "no", "totals": {{}}}}', "flag_not_boolean"),
    ("both forms", f'{_HEAD}, {_ROLL}, "ballots": [], "totals": {{}}}}', "roll_and_totals"),
    ("neither form", f"{_HEAD}}}", "no_figures"),
    ("ballots alone", f'{_HEAD}, "ballots": []}}', "ballots_without_roll"),
    ("an empty name", _named('""'), "text_wrong"),
    ("a name that ends in a space", _named('"a "'), "text_wrong"),
    ("a name that begins with a wide space", _named('"\u3000a"'), "text_wrong"),
    ("a name with NUL", _named('"a\\u0000"'), "text_wrong"),
    ("half a character", _named('"\\ud840"'), "text_wrong"),
    ("an invisible character", _named('"a\u200b"'), "text_wrong"),
    ("a name of 201 characters", _named(f'"{"𠮷" * 201}"'), "text_wrong"),
    ("a name that is a number", _named("7"), "text_wrong"),
    ("a unit that is a number", _rolled('{"unit": 101, "area": "10", "voter": "a"}'), "text_wrong"),
    ("an area as a whole number", _sized("88"), "area_not_text"),
    ("an area null in the roll", _sized("null"), "area_not_text"),
    ("an area of true", _totalled('"area": true'), "area_not_text"),
    ("an area with an exponent", _sized('"1e2"'), "area_not_decimal"),
    ("an area in full-width digits", _sized('"８８"'), "area_not_decimal"),
    ("an area with a comma", _sized('"1,000"'), "area_not_decimal"),
    ("an area with its unit", _sized('"88㎡"'), "area_not_decimal"),
    ("an area with a plus", _sized('"+88"'), "area_not_decimal"),
    ("an area that begins with its point", _sized('".5"'), "area_not_decimal"),
    ("an area that ends with its point", _sized('"5."'), "area_not_decimal"),
    ("an area with a space", _sized('" 5"'), "area_not_decimal"),
    ("an area with a line break", _sized('"5\\n"'), "area_not_decimal"),
    ("an area of NaN in words", _sized('"NaN"'), "area_not_decimal"),
    ("an area of 1,001 characters", _sized(f'"{"1" * 1001}"'), "area_not_decimal"),
    ("two minus signs", _sized('"--1"'), "area_not_decimal"),
    ("a negative area", _sized('"-88.5"'), "area_negative"),
    ("a negative area in the totals", _totalled('"agree_area": "-0.01"'), "area_negative"),
    ("heads in quotes", _totalled('"heads": "9"'), "heads_not_whole"),
    ("heads of true", _totalled('"agree_heads": true'), "heads_not_whole"),
    ("negative heads", _totalled('"heads": -1'), "heads_negative"),
    ("an unknown choice", _voted('{"voter": "a", "choice": "yes"}'), "choice_unknown"),
    ("a choice of null", _voted('{"voter": "a", "choice": null}'), "choice_unknown"),
    (
        "a unit twice",
        _rolled('{"unit": "1", "area": "1", "voter": "a"}, {"unit": "1", "area": "1", "voter": "b"}'),
        "unit_repeated",
    ),
    ("two ballots", _voted('{"voter": "a", "choice": "agree"}, {"voter": "a", "choice": "agree"}'), "voter_repeated"),
    ("a stranger's ballot", _voted('{"voter": "c", "choice": "agree"}'), "voter_unknown"),
    ("a ballot of null", _voted('{"voter": null, "choice": "agree"}'), "voter_unknown"),
    ("more heads than there are", _totalled('"heads": 9, "participating_heads": 10'), "participating_above_total"),
    ("more area than there is", _totalled('"area": "90", "participating_area": "90.001"'), "participating_above_total"),
    ("more agree than take part", _totalled(f'{_TOTALS}, "agree_heads": 7'), "agree_above_participating"),
    ("more area agrees than takes part", _totalled(f'{_TOTALS}, "agree_area": "60.01"'), "agree_above_participating"),
    ("more agree than there are", _totalled('"heads": 9, "agree_heads": 10'), "agree_above_participating"),
)


def results() -> list[Vector]:
    """Return the answers to the hand-worked cases of totals and rolls."""
    documents = [(row, document_of_totals(row)) for row in table("Totals")]
    documents += [(row, document_of_roll(row)) for row in table("Rolls")]
    return [_answered(row, document) for row, document in documents]


def _answered(row: dict[str, str], document: dict[str, Any]) -> Vector:
    found = result(read_recount(document).decide())
    answer = {name: found[name] for name in ("verdict", "tests", "missing")}
    return {"name": f"{row['no']} {row['what']}", "article": row["article"], "input": document, **answer}


def refusals() -> list[Vector]:
    """Return the files that every implementation must refuse, with the code."""
    return [_refused(name, data, code) for name, data, code in REFUSED]


def _refused(name: str, data: str | bytes, code: str) -> Vector:
    content = {"text": data} if isinstance(data, str) else {"base64": base64.b64encode(data).decode()}
    return {"name": name, **content, "code": code}


def bytes_of(vector: Vector) -> bytes:
    """Return the file that a vector stands for."""
    if "input" in vector:
        return json.dumps(vector["input"], ensure_ascii=False).encode()
    return base64.b64decode(vector["base64"]) if "base64" in vector else str(vector["text"]).encode()


def written(vectors: list[Vector]) -> str:
    lines = ",\n".join(json.dumps(vector, ensure_ascii=False) for vector in vectors)
    return f"[\n{lines}\n]\n"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "results.json").write_text(written(results()), "utf-8")
    (FOLDER / "refusals.json").write_text(written(refusals()), "utf-8")


if __name__ == "__main__":
    main()
