"""Backup and restore: online, complete, and refused before anything is written when a single byte is wrong."""

import json
import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from anju.config.failure import Failure
from anju.config.home import Home
from anju.config.manifest import LIST, SEAL, verified
from anju.config.schema import create_database
from tests import database
from tests.config.house import House, add_entries, anju, database_of, link, refused_in_one_line
from tools.serving import sown

pytestmark = pytest.mark.process
FLIPS = 40
HOME = Home.of(os.environ)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(sown(tmp_path_factory.mktemp("backup") / "var")) as running:
        (running.root / "files" / "ab").mkdir(parents=True)
        (running.root / "files" / "ab" / "纪要 1.txt").write_text("会议纪要 𠮷", "utf-8")
        add_entries(running.root, 3)
        yield running


@pytest.fixture(scope="module")
def kept(house: House) -> Path:
    folder = house.root.parent / "kept"
    done = anju(house.root, "backup", str(folder))
    assert done.returncode == 0, done.stderr
    return folder


def _flip(path: Path, position: int, mask: int) -> None:
    content = bytearray(path.read_bytes())
    content[position] ^= mask
    path.write_bytes(content)


def head(root: Path) -> object:
    with link(root) as app:
        return app.execute("SELECT seq, digest FROM base_auditlink ORDER BY seq DESC LIMIT 1").fetchone()


def test_backup_lists_what_it_holds(house: House, kept: Path) -> None:
    manifest = json.loads((kept / LIST).read_text("utf-8"))
    assert manifest["counts"]["base_auditentry"] == manifest["counts"]["base_auditlink"] == 3
    assert (manifest["chain_length"], manifest["chain_digest"]) == head(house.root)
    assert set(manifest["files"]) == {"database.dump", "files/ab/纪要 1.txt"}
    assert "secret.key" not in [path.name for path in kept.rglob("*")]
    assert {path.stat().st_mode & 0o077 for path in [kept, *kept.rglob("*")]} == {0}


def test_restore_brings_everything_back(house: House, kept: Path, fresh_home: Path) -> None:
    done = anju(fresh_home, "restore", str(kept))
    assert done.returncode == 0, done.stderr
    assert "counts agree" in done.stdout
    assert "audit trail holds: 3 entries" in done.stdout
    assert (fresh_home / "files" / "ab" / "纪要 1.txt").read_text("utf-8") == "会议纪要 𠮷"
    with database_of(fresh_home):
        assert head(fresh_home) == head(house.root)
        add_entries(fresh_home, 1)
        checked = anju(fresh_home, "check")
        assert "ok    audit trail" in checked.stdout, checked.stdout


def test_restore_refuses_a_place_that_is_taken(house: House, kept: Path) -> None:
    before = head(house.root)
    refused_in_one_line(anju(house.root, "restore", str(kept)), "already holds an installation")
    assert head(house.root) == before


def test_backup_refuses_a_folder_with_something_in_it(house: House, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    refused_in_one_line(anju(house.root, "backup", str(tmp_path)), "is not empty")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_backup_refuses_where_nothing_is_installed(tmp_path: Path) -> None:
    refused_in_one_line(anju(tmp_path / "var", "backup", str(tmp_path / "kept")), "there is no installation")
    assert list(tmp_path.iterdir()) == []


def test_restore_notices_a_flipped_byte_before_writing(kept: Path, tmp_path: Path) -> None:
    damaged = shutil.copytree(kept, tmp_path / "damaged")
    _flip(damaged / "database.dump", 0, 1)
    refused_in_one_line(anju(tmp_path / "var", "restore", str(damaged)), "the backup is damaged")
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("name", ["database.dump", "files/ab/纪要 1.txt", LIST, SEAL])
def test_any_flipped_byte_is_noticed(kept: Path, tmp_path: Path, name: str) -> None:
    copy = shutil.copytree(kept, tmp_path / "copy")
    chance = random.Random(name)
    size = (copy / name).stat().st_size
    for position in {0, size - 1, *(chance.randrange(size) for _ in range(FLIPS))}:
        mask = 1 << chance.randrange(8)
        _flip(copy / name, position, mask)
        with pytest.raises(Failure, match="damaged"):
            verified(copy)
        _flip(copy / name, position, mask)
    assert verified(copy).chain_length == 3


@pytest.mark.parametrize("name", ["database.dump", "files/ab/纪要 1.txt", LIST, SEAL])
def test_missing_file_is_noticed(kept: Path, tmp_path: Path, name: str) -> None:
    copy = shutil.copytree(kept, tmp_path / "copy")
    (copy / name).unlink()
    with pytest.raises(Failure, match="missing"):
        verified(copy)


def test_foreign_and_cut_files_are_noticed(kept: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(kept, tmp_path / "copy")
    (copy / "files" / "extra").write_bytes(b"")
    with pytest.raises(Failure, match="does not belong"):
        verified(copy)
    (copy / "files" / "extra").unlink()
    (copy / "database.dump").write_bytes((copy / "database.dump").read_bytes()[:-1])
    with pytest.raises(Failure, match="damaged"):
        verified(copy)


def test_check_names_the_first_bent_entry(kept: Path, fresh_home: Path) -> None:
    """Someone with the owner's rights bends the trail; the chain tells."""
    assert anju(fresh_home, "restore", str(kept)).returncode == 0
    with database_of(fresh_home):
        with link(fresh_home, "anju_owner") as owner:
            owner.execute("ALTER TABLE base_auditentry DISABLE TRIGGER append_only")
            owner.execute(
                "UPDATE base_auditentry SET body = 'bent' WHERE id = (SELECT entry_id FROM base_auditlink WHERE seq = 2)"
            )
        done = anju(fresh_home, "check", "--quiet")
    assert done.returncode == 1
    assert "altered at link 2" in done.stdout
    assert "base_auditentry has lost its append-only guard" in done.stdout


def test_check_finds_rights_the_runtime_role_should_not_have(house: House) -> None:
    with link(house.root, "anju_owner") as owner:
        owner.execute("GRANT TRUNCATE ON base_auditlink TO anju_app")
    wrong = anju(house.root, "check")
    with link(house.root, "anju_owner") as owner:
        owner.execute("REVOKE TRUNCATE ON base_auditlink FROM anju_app")
    assert wrong.returncode == 1
    assert "the runtime role may TRUNCATE base_auditlink" in wrong.stdout
    assert anju(house.root, "check").returncode == 0


def test_check_finds_a_key_others_can_read(house: House) -> None:
    key = Home(house.root).secret_key
    key.chmod(0o644)
    done = anju(house.root, "check", "--quiet")
    key.chmod(0o600)
    assert done.returncode == 1
    assert "can be read by others" in done.stdout


def test_backup_moves_a_county_to_an_external_database(kept: Path, tmp_path: Path) -> None:
    name = f"external_{os.getpid()}"
    with database.superuser(HOME) as superuser:
        create_database(superuser, name)
    address = f"postgresql:///{name}?host={HOME.socket}&user="
    urls = {"ANJU_DATABASE_URL": address + "anju_app", "ANJU_DATABASE_OWNER_URL": address + "anju_owner"}
    restored = anju(tmp_path / "var", "restore", str(kept), **urls)
    again = anju(tmp_path / "var", "backup", str(tmp_path / "again"), **urls)
    checked = anju(tmp_path / "var", "check", **urls)
    database.drop(HOME, name)
    assert restored.returncode == again.returncode == 0, restored.stderr + again.stderr
    assert verified(tmp_path / "again").chain_digest == verified(kept).chain_digest
    assert "ok    database rights" in checked.stdout
    assert not Home(tmp_path / "var").data.exists()
