"""`anju recount`: results on standard output, one line for each wrong file on standard error, and the exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from anju.config.cli import main
from anju.rules.voting.recount_json import MAX_BYTES
from tools.recount_vectors import bytes_of, refusals, results

HEAD = {"format": "anju-recount/1", "matter": "ordinary"}
TOTALS = {
    "heads": 3,
    "area": "300",
    "participating_heads": 2,
    "participating_area": "200",
    "agree_heads": 2,
    "agree_area": "200",
}
PASSED = HEAD | {"totals": TOTALS}
OPEN: dict[str, Any] = HEAD | {"totals": {}}
NOT_PASSED = HEAD | {"totals": TOTALS | {"agree_heads": 1}}


def _file(folder: Path, name: str, content: object) -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return str(path)


def _verdicts(output: str) -> list[str]:
    return [json.loads(line)["verdict"] for line in output.splitlines()]


def test_recount_answers_every_vector_as_documented(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [_file(tmp_path, f"{number}.json", bytes_of(one)) for number, one in enumerate(results())]
    assert main(["recount", "--json", *names]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    for answer, vector in zip(answers, results(), strict=True):
        assert {name: answer[name] for name in ("verdict", "tests", "missing")} == {
            name: vector[name] for name in ("verdict", "tests", "missing")
        }
        assert list(answer) == ["verdict", "tests", "missing", "citations", "explanation"]


def test_recount_refuses_every_vector_with_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for vector in refusals():
        name = _file(tmp_path, "wrong.json", bytes_of(vector))
        assert main(["recount", name]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert len(told.err.splitlines()) == 1
        assert f"{name}: [{vector['code']}]" in told.err


@pytest.mark.parametrize(
    ("content", "verdict"), [(PASSED, "passed"), (NOT_PASSED, "not_passed"), (OPEN, "undetermined")]
)
def test_recount_exits_0_whatever_the_verdict(
    content: dict[str, Any], verdict: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["recount", "--json", _file(tmp_path, "a.json", content)]) == 0
    assert _verdicts(capsys.readouterr().out) == [verdict]


def test_recount_prints_one_result_for_each_file_and_each_of_a_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = _file(tmp_path, "一.json", PASSED), _file(tmp_path, "二.json", [NOT_PASSED, OPEN])
    assert main(["recount", one, two, "--json"]) == 0
    assert _verdicts(capsys.readouterr().out) == ["passed", "not_passed", "undetermined"]
    assert main(["recount", one, two]) == 0
    told = capsys.readouterr().out
    assert [line for line in told.splitlines() if line.startswith("【")] == [
        f"【{one}】",
        f"【{two} 第 1 件】",
        f"【{two} 第 2 件】",
    ]


def test_recount_alone_prints_the_explanation_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["recount", _file(tmp_path, "a.json", PASSED)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "结论：通过。四道线都够。"
    assert [line[0] for line in lines[2:10:2]] == list("①②③④")


def test_recount_answers_the_others_when_one_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong, mixed = _file(tmp_path, "wrong.json", b"{"), _file(tmp_path, "mixed.json", [OPEN, 1, PASSED])
    assert main(["recount", "--json", wrong, mixed]) == 2
    told = capsys.readouterr()
    assert _verdicts(told.out) == ["undetermined", "passed"]
    assert told.err.splitlines()[0].startswith(f"anju recount: {wrong}: [not_json]")
    assert told.err.splitlines()[1].startswith(f"anju recount: {mixed}: [not_object] [1]")


def test_recount_refuses_what_cannot_be_opened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recount", str(tmp_path), str(tmp_path / "no\nsuch.json")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all("[unreadable]" in line for line in lines)


def test_recount_refuses_51_megabytes_and_an_endless_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    large = _file(tmp_path, "large.json", b" " * 51_000_000)
    assert main(["recount", large, "/dev/zero"]) == 2
    assert capsys.readouterr().err.count("[too_big]") == 2
    assert MAX_BYTES == 50_000_000


@pytest.mark.process
@pytest.mark.parametrize("locale", ["C.UTF-8", "C", "POSIX"])
def test_recount_starts_without_django_or_database_in_any_locale(locale: str, tmp_path: Path) -> None:
    name = _file(tmp_path, "a.json", PASSED)
    line = (
        "import sys; from anju.config.cli import main; code = main(sys.argv[1:]);"
        " sys.exit(code if not {'django', 'psycopg'} & set(sys.modules) else 9)"
    )
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("ANJU_", "DJANGO_", "LC_", "LANG"))}
    ran = subprocess.run(
        [sys.executable, "-c", line, "recount", name],
        env={**clean, "LC_ALL": locale, "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 0
    assert ran.stderr == b""
    assert ran.stdout.decode("utf-8").startswith("结论：通过。")


@pytest.mark.process
def test_recount_reads_standard_input() -> None:
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from anju.config.cli import main; sys.exit(main(sys.argv[1:]))",
            "recount",
            "-",
            "--json",
        ],
        input=json.dumps([PASSED, OPEN]).encode(),
        capture_output=True,
        check=True,
    )
    assert _verdicts(ran.stdout.decode()) == ["passed", "undetermined"]
