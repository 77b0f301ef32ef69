"""The operator's half of the newcomer's story, with real processes: found a county, work in it, save it, stand it up elsewhere."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.config.house import House, anju, link
from tools.client import Visitor

pytestmark = pytest.mark.process
OWN = "Guihua-2026-jian"


def test_operator_founds_works_saves_and_restores(sown_home: Path, tmp_path: Path) -> None:
    founded = anju(sown_home, "init", "--policy", "zhongshan-2024", "--json")
    assert founded.returncode == 0, founded.stderr
    given = json.loads(founded.stdout)["password"]

    with House(sown_home) as house:
        admin = signed_in(house.port, "admin", given)
        county = re.search(r'value="(\d+)"[^>]*>钟山县', admin.get("/places/organisations/new/").page)
        assert county
        made = admin.post("/places/organisations/new/", name="县档案馆", kind="department", division=county[1])
        assert made.status == 302, made.page
        slip = admin.post("/people/new/", name="韦一", username="", phone="")
        assert "账号开通单" in slip.page
        saved = anju(sown_home, "backup", str(tmp_path / "kept"))
        assert saved.returncode == 0, saved.stderr
        assert Visitor(house.port).get("/personas/").status == 404

    looked = anju(sown_home, "check")
    assert looked.returncode == 0, looked.stdout
    assert "一切正常" in looked.stdout

    elsewhere = tmp_path / "elsewhere"
    restored = anju(elsewhere, "restore", str(tmp_path / "kept"))
    assert restored.returncode == 0, restored.stderr
    assert "行数一致" in restored.stdout
    assert head_of(saved.stdout) == chain_head(tmp_path / "kept")

    shutil.copy2(sown_home / "secret.key", elsewhere)  # the key travels beside the backup, never in it
    with House(elsewhere) as house:
        again = signed_in(house.port, "admin", OWN, first=False)
        assert "县档案馆" in again.get("/places/organisations/?q=dangan").page
        assert "韦一" in again.get("/people/?q=weiyi").page
        looked = anju(elsewhere, "check")
        assert looked.returncode == 0, looked.stdout
        with link(elsewhere) as app:
            acts = {row[0] for row in app.execute("SELECT action FROM base_auditentry")}
        assert {"county.created", "organisation.created", "person.created", "person.signed_in"} <= acts


def signed_in(port: int, username: str, password: str, *, first: bool = True) -> Visitor:
    visitor = Visitor(port)
    visitor.get("/account/sign-in/")
    entered = visitor.post("/account/sign-in/", login=username, password=password)
    assert entered.status == 302, entered.page
    if first:
        assert visitor.get("/desk/").location.startswith("/account/password/")
        changed = visitor.post("/account/password/", oldpassword=password, password1=OWN, password2=OWN)
        assert changed.status == 302, changed.page
    assert visitor.get("/desk/").status == 200
    return visitor


def head_of(said: str) -> str:
    found = re.search(r"head (\w+)", said)
    assert found, said
    return found[1]


def chain_head(backup: Path) -> str:
    return str(json.loads((backup / "manifest.json").read_text("utf-8"))["chain_digest"])
