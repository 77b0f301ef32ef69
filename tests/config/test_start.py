"""Starting and stopping: with old data, with a killed copy's remains, and every way in which a start is refused."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from anju.config.home import Home
from tests.config.house import House, anju, answers, free_port, link, processes_of, refused_in_one_line, until
from tools.serving import sown

pytestmark = pytest.mark.process


def test_run_stops_and_starts_again_with_its_data(fresh_home: Path) -> None:
    house = House(fresh_home).ready()
    with link(fresh_home) as app:
        app.execute("INSERT INTO django_session VALUES ('kept', '', now())")
    assert house.end(signal.SIGINT) == 0
    assert processes_of(fresh_home) == []
    assert not Home(fresh_home).socket.exists()

    with House(fresh_home), link(fresh_home) as app:
        assert app.execute("SELECT count(*) FROM django_session WHERE session_key = 'kept'").fetchone() == (1,)
    assert processes_of(fresh_home) == []


def test_run_killed_starts_again_at_once_and_leaves_nothing_running(sown_home: Path) -> None:
    first = House(sown_home).ready()
    first.process.kill()
    first.process.wait()
    with House(sown_home) as again:
        assert answers(again)
        assert len(processes_of(sown_home)) > 4
        again.process.kill()
        again.process.wait()
        until(lambda: processes_of(sown_home) == [], "nothing is left", 20)


def test_run_copes_with_a_half_made_database(fresh_home: Path) -> None:
    half = fresh_home / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n", "ascii")
    done = anju(fresh_home, "manage", "showmigrations")
    assert done.returncode == 0, done.stderr
    assert not half.exists()


def test_run_copes_with_a_pid_that_belongs_to_a_stranger(sown_home: Path) -> None:
    assert anju(sown_home, "manage", "showmigrations").returncode == 0
    (sown_home / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{sown_home}\n", "ascii")
    assert anju(sown_home, "manage", "showmigrations").returncode == 0


def test_run_refuses_a_taken_port(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused_in_one_line(anju(tmp_path / "var", "run", ANJU_PORT=port), f"port {port} is taken")
    assert not Home(tmp_path / "var").data.exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_run_refuses_to_leave_this_machine_while_empty(sown_home: Path, host: str) -> None:
    done = anju(sown_home, "run", "--port", str(free_port()), ANJU_HOST=host)
    refused_in_one_line(done, "cannot listen" if host.startswith("192") else "listens on this machine only")
    assert processes_of(sown_home) == []


def test_run_refuses_a_real_county_without_its_key(sown_home: Path) -> None:
    assert anju(sown_home, "init", "--policy", "zhongshan-2024").returncode == 0
    Home(sown_home).secret_key.unlink()
    refused_in_one_line(anju(sown_home, "run", "--port", str(free_port())), "no secret key")
    assert not Home(sown_home).secret_key.exists()


def test_run_refuses_a_home_it_cannot_write() -> None:
    refused_in_one_line(anju(Path("/proc/nowhere"), "run"), "cannot be written")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("postgresql://nobody@127.0.0.1:1/nothing", "does not answer"),
        ("mysql://somewhere/else", "must begin with postgresql://"),
        ("postgresql://[::1", "not a valid address"),
    ],
)
def test_run_refuses_a_wrong_database_address(tmp_path: Path, address: str, says: str) -> None:
    refused_in_one_line(anju(tmp_path / "var", "run", ANJU_DATABASE_URL=address), says)


def test_run_refuses_a_setting_that_is_not_a_number(fresh_home: Path) -> None:
    done = anju(fresh_home, "run", "--port", str(free_port()), ANJU_TRUSTED_PROXIES="一")
    refused_in_one_line(done, "ANJU_TRUSTED_PROXIES must be a number")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("NOT RUN: mounting a small disk needs root")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_run_says_that_the_disk_is_full_at_the_first_start(small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(b"\0" * 234 * 1024**2)
    refused_in_one_line(anju(small_disk / "var", "run", "--port", str(free_port())), "is full")
    assert not (small_disk / "var" / "postgres").exists()
    assert not (small_disk / "var" / "postgres.new").exists()


def test_run_says_that_the_disk_is_full_while_it_serves(small_disk: Path, tmp_path: Path) -> None:
    with House(sown(small_disk / "var")) as house:
        _fill(small_disk / "filler")
        with link(house.root, "anju_owner") as owner, pytest.raises(psycopg.OperationalError):
            owner.execute("CREATE TABLE large AS SELECT repeat(md5(n::text), 100) FROM generate_series(1, 20000) n")
        until(lambda: "is full" in house.said, "the supervisor says it")
        assert "Traceback" not in house.said
        (small_disk / "filler").unlink()
        until(lambda: _can_write(house.root), "writing works again once there is room")


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(b"\0" * 65536)
        except OSError:
            return


def _can_write(root: Path) -> bool:
    try:
        with link(root) as app:
            app.execute("INSERT INTO django_session VALUES (gen_random_uuid()::text, '', now())")
    except psycopg.Error:
        return False
    return True
