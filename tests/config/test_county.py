"""`anju init` and `anju user`: a real county from nothing, and the way back in from the machine itself."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.house import House, anju, link, refused_in_one_line

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    root = tmp_path_factory.mktemp("county") / "var"
    founded = anju(root, "init", "--policy", "zhongshan-2024", "--json")
    assert founded.returncode == 0, founded.stderr
    assert set(json.loads(founded.stdout)) == {"username", "password"}
    with House(root) as running:
        yield running


def password_in(line: str) -> str:
    return line.strip().rsplit("：", 1)[1]


def test_init_makes_a_real_county_with_one_person_and_a_private_key(county: House) -> None:
    with link(county.root) as app:
        assert app.execute("SELECT mode FROM base_installation").fetchone() == ("real",)
        assert app.execute(
            "SELECT count(*), bool_or(persona) FROM accounts_post JOIN accounts_user u ON u.id = user_id"
        ).fetchone() == (1, False)
    assert (county.root / "secret.key").stat().st_mode & 0o777 == 0o600


def test_init_refuses_a_second_time(county: House) -> None:
    refused_in_one_line(anju(county.root, "init", "--policy", "zhongshan-2024"), "already holds a real installation")


def test_init_refuses_an_unknown_policy_and_founds_nothing(sown_home: Path) -> None:
    refused_in_one_line(anju(sown_home, "init", "--policy", "nowhere-2024"), "policy.unknown")
    assert not (sown_home / "secret.key").exists()
    assert "already holds" not in anju(sown_home, "init", "--policy", "nowhere-2024").stderr


def test_user_create_reset_and_disable(county: House) -> None:
    made = anju(county.root, "user", "create", "lisi", "李示例")
    again = anju(county.root, "user", "reset", "lisi")
    assert made.returncode == again.returncode == 0, made.stderr + again.stderr
    assert password_in(made.stdout) != password_in(again.stdout)
    assert "lisi\t李示例\tactive" in anju(county.root, "user", "list").stdout
    assert anju(county.root, "user", "disable", "lisi", "--reason", "离职").returncode == 0
    assert "lisi\t李示例\tdisabled" in anju(county.root, "user", "list").stdout


def test_user_acts_stand_in_the_trail_without_passwords(county: House) -> None:
    password = password_in(anju(county.root, "user", "create", "wangwu", "王示例").stdout)
    with link(county.root) as app:
        bodies = [row[0] for row in app.execute("SELECT body FROM base_auditentry WHERE action = 'person.created'")]
    assert bodies
    assert not [body for body in bodies if password in body or "王示例" in body]


def test_user_create_refuses_a_taken_name_in_words(county: House) -> None:
    refused_in_one_line(anju(county.root, "user", "create", "admin", "某人"), "person.username_taken")


def test_user_reset_refuses_somebody_unknown(county: House) -> None:
    refused_in_one_line(anju(county.root, "user", "reset", "nobody"), "nobody has the user name")


def test_check_asks_a_real_county_for_its_first_backup(county: House, tmp_path: Path) -> None:
    before = anju(county.root, "check")
    assert before.returncode == 1
    assert "never backed up" in before.stdout
    assert anju(county.root, "backup", str(tmp_path / "kept")).returncode == 0
    after = anju(county.root, "check")
    assert after.returncode == 0, after.stdout
    assert "HTTPS is off" in after.stdout
    assert "are not confirmed, deadlines are provisional" in after.stdout
