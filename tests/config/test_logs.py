"""Logs are bounded and hold no personal data."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import Error, connection, transaction

from anju.config import logfile
from anju.config.logfile import LineFormatter, LogFile
from tests.config.house import until


@pytest.mark.django_db
def test_log_of_a_database_error_leaves_out_the_row() -> None:
    phone = "138" + "0" * 8
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for _ in range(2):
                cursor.execute("INSERT INTO django_session VALUES (%s, '', now())", [phone])
    except Error:
        record = logging.LogRecord("django.request", logging.ERROR, "", 0, "failed", None, sys.exc_info())
    text = LineFormatter().format(record)
    assert "UniqueViolation" in text
    assert phone not in text


def test_log_file_stays_within_its_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logfile, "FILE_BYTES", 10_000)
    log = LogFile(tmp_path / "log" / "web.log")
    script = "for n in range(2000): print('line', n, 'x' * 40)"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        log.follow(process.stdout, "web")
        process.wait()
        until(lambda: log.saw("line 1999"), "the last line arrives")
    files = list((tmp_path / "log").iterdir())
    assert len(files) == logfile.FILE_COUNT
    assert sum(path.stat().st_size for path in files) <= 10_000 * logfile.FILE_COUNT
