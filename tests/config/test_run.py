"""A running house: what it serves, what it keeps private, and what it survives."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from anju.config.home import Home
from tests.config.house import House, anju, answers, free_port, link, processes_of, refused_in_one_line, until
from tools.serving import sown

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(sown(tmp_path_factory.mktemp("run") / "数据 var")) as running:
        yield running


def test_run_serves_the_first_page(house: House) -> None:
    assert house.status_of("/") == 200


def test_run_keeps_its_key_to_itself(house: House) -> None:
    key = Home(house.root).secret_key
    assert key.stat().st_mode & 0o777 == 0o600
    assert house.root.stat().st_mode & 0o077 == 0


def test_run_listens_on_this_machine_only(house: House) -> None:
    listening = [
        found.laddr
        for process in processes_of(house.root)
        for found in process.net_connections("inet")
        if found.status == "LISTEN"
    ]
    assert {address.ip for address in listening} == {"127.0.0.1"}
    assert {address.port for address in listening} == {house.port}


def test_run_refuses_a_second_copy(house: House) -> None:
    refused_in_one_line(anju(house.root, "run", "--port", str(free_port())), "another copy is running")


def test_run_survives_a_killed_worker(house: House) -> None:
    (victim,) = [found for found in processes_of(house.root) if "anju.config.ticking" in found.cmdline()]
    victim.kill()
    until(lambda: "ticker ended" in house.said, "the supervisor noticed")
    until(
        lambda: any("anju.config.ticking" in found.cmdline() for found in processes_of(house.root)), "it started again"
    )


def test_run_survives_a_killed_web_server(house: House) -> None:
    server = next(found for found in processes_of(house.root) if _serves(found))
    while (above := server.parent()) is not None and _serves(above):
        server = above
    server.kill()
    until(lambda: "web ended" in house.said, "the supervisor noticed")
    until(lambda: answers(house), "pages are served again")


def _serves(process: psutil.Process) -> bool:
    """Whether it is granian or one of its workers, by its arguments or by the title it gave itself."""
    return "granian" in " ".join(process.cmdline())


def test_run_recovers_from_a_killed_database_under_load(house: House) -> None:
    acknowledged: list[int] = []
    stop = threading.Event()
    with link(house.root, "anju_owner") as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS acknowledged (n int)")
        owner.execute("GRANT SELECT, INSERT ON acknowledged TO anju_app")
    writer = threading.Thread(target=_write_until, args=(house.root, stop, acknowledged))
    writer.start()
    until(lambda: len(acknowledged) > 50, "the load runs")
    os.kill(house.postmaster, signal.SIGKILL)
    before = len(acknowledged)
    until(lambda: len(acknowledged) > before + 50, "writing goes on after the kill")
    stop.set()
    writer.join()
    with link(house.root) as app:
        stored = {row[0] for row in app.execute("SELECT n FROM acknowledged")}
    assert set(acknowledged) <= stored
    until(lambda: answers(house), "pages are served again")


def _write_until(root: Path, stop: threading.Event, acknowledged: list[int]) -> None:
    number = 0
    while not stop.is_set():
        try:
            with link(root) as app:
                while not stop.is_set():
                    number += 1
                    app.execute("INSERT INTO acknowledged VALUES (%s)", [number])
                    acknowledged.append(number)
        except psycopg.OperationalError:
            continue
