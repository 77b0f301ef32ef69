"""`anju import` as an operator types it."""

import csv
import json
from pathlib import Path

import pytest

from tests.config.house import anju
from tests.registry.lists import ROWS, as_csv

pytestmark = pytest.mark.process
COUNTY = "451122"


def test_import_command_from_dry_run_to_undo(sown_home: Path, tmp_path: Path) -> None:
    assert anju(sown_home, "init", "--policy", "zhongshan-2024").returncode == 0
    names = [("示例·春江苑", "钟山镇"), ("示例·秋月里", "回龙镇"), ("示例·冬梅坊", "")]
    rows = [(*name, "", "3O" if at == 1 else "60", "3", "", "", "") for at, name in enumerate(names)]
    file, rejects = tmp_path / "示例名册.csv", tmp_path / "存疑.csv"
    file.write_bytes(as_csv([*rows, ("", "", "", "1", "", "", "", "")], encoding="gb18030"))
    asked = ("import", "compounds", str(file), "--division", COUNTY, "--source", "示例摸底", "--observed", "2026-01-31")

    tried = anju(sown_home, *asked, "--dry-run", "--json", "--rejects", str(rejects))
    told = json.loads(tried.stdout)
    expected = {"rows": 4, "accepted": 2, "doubtful": 1, "rejected": 1, "unchanged": 0, "conflicts": 0, "created": 3}
    assert {key: told[key] for key in expected} == expected
    with rejects.open(encoding="utf-8-sig", newline="") as found:
        lines = list(csv.DictReader(found))
    assert [(line["行"], line["列"], line["值"]) for line in lines] == [("3", "户数", "3O"), ("5", "小区名称", "")]
    assert lines[0]["小区名称"] == "示例·秋月里"

    assert json.loads(anju(sown_home, *asked, "--json").stdout)["created"] == 3
    again = json.loads(anju(sown_home, *asked, "--json").stdout)
    assert (again["unchanged"], again["created"]) == (4, 0)
    undone = anju(sown_home, "import", "undo", str(again["import"] - 1), "--json")
    assert json.loads(undone.stdout) == {"statements": 3, "compounds": 3, "left": []}


def test_import_command_says_in_one_line_what_is_wrong(sown_home: Path, tmp_path: Path) -> None:
    assert anju(sown_home, "init", "--policy", "zhongshan-2024").returncode == 0
    good, encrypted = tmp_path / "示例.csv", tmp_path / "加密.xlsx"
    good.write_bytes(as_csv(ROWS))
    from tests.base.sheet_files import ole

    encrypted.write_bytes(ole({"EncryptedPackage": bytes(600), "EncryptionInfo": bytes(200)}))

    def said(file: Path, division: str = COUNTY, day: str = "2026-01-31") -> str:
        words = ("import", "compounds", str(file), "--division", division, "--source", "示例", "--observed", day)
        done = anju(sown_home, *words)
        assert done.returncode == 1
        assert done.stdout == ""
        assert len(done.stderr.strip().splitlines()) == 1
        return done.stderr

    assert "没有这个区划代码" in said(good, division="990001")
    assert "没有这个文件" in said(tmp_path / "没有.csv")
    assert "加了密码" in said(encrypted)
    assert "2026-11-24" in said(good, day="上月")
