"""The single script and the offline page against the vectors of the documents, as strangers use them."""

import ast
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.verifiers.implementations import COMPARED, FOLDER, by_page, by_script, page, run_script, script
from tools.recount_vectors import Vector, bytes_of, refusals, results


def _expected(vector: Vector) -> list[Any]:
    return [vector["code"]] if "code" in vector else [{name: vector[name] for name in COMPARED}]


def test_script_answers_the_vectors() -> None:
    module = script()
    for vector in (*results(), *refusals()):
        assert by_script(bytes_of(vector), module) == _expected(vector), vector["name"]


def test_script_imports_the_standard_library_only() -> None:
    tree = ast.parse((FOLDER / "recount.py").read_text("utf-8"))
    named = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    named |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert named <= set(sys.stdlib_module_names)


def test_script_runs_alone_and_exits_as_documented(tmp_path: Path) -> None:
    good, wrong = tmp_path / "好.json", tmp_path / "wrong.json"
    good.write_bytes(bytes_of(results()[0]))
    wrong.write_bytes(b"{}")
    told = run_script(str(good), "--json")
    assert told.returncode == 0
    assert {name: json.loads(told.stdout)[name] for name in COMPARED} == _expected(results()[0])[0]
    assert run_script(str(good)).stdout.decode().startswith("结论：通过。")
    both = run_script(str(good), str(wrong), str(tmp_path / "none.json"))
    assert both.returncode == 2
    assert [line.split("[")[1].split("]")[0] for line in both.stderr.decode().splitlines()] == [
        "format_unknown",
        "unreadable",
    ]
    assert run_script().returncode == 2


def test_page_holds_everything_and_asks_for_nothing() -> None:
    text = (FOLDER / "recount.html").read_text("utf-8")
    assert "default-src 'none'" in text
    assert not [word for word in ("http:", "https:", "src=", "href=", "import(", "fetch(", "eval(") if word in text]


@pytest.mark.browser
def test_page_answers_the_vectors_from_disk() -> None:
    vectors = [*results(), *refusals()]
    with page() as opened:
        found = by_page([bytes_of(vector) for vector in vectors], opened)
    for vector, answers in zip(vectors, found, strict=True):
        assert answers == _expected(vector), vector["name"]


@pytest.mark.browser
def test_page_shows_the_answer_to_an_opened_and_to_a_pasted_file(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(bytes_of(results()[1]))
    with page() as opened:
        opened.set_input_files("#file", str(file))
        opened.wait_for_selector(".card.not_passed")
        assert "结论：没有通过。" in opened.inner_text("#results")
        opened.fill("#text", bytes_of(results()[0]).decode())
        opened.click("button")
        opened.wait_for_selector(".card.passed")
        opened.fill("#text", "<b>{")
        opened.click("button")
        opened.wait_for_selector("text=算不了：not_json")
        assert opened.locator("#results .card").count() == 1
