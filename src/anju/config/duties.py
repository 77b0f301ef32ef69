"""The ticker's list, assembled here because config is the only storey that sees every app."""

from datetime import datetime, timedelta

from django.core.management import call_command

from anju.base.ticker import Duty


def clear_sessions(at: datetime) -> None:
    """Expired sessions leave the table; `at` is not needed, the command compares with the clock."""
    call_command("clearsessions")


def prune_finished_tasks(at: datetime) -> None:
    call_command("prune_db_task_results", verbosity=0)


DUTIES = (
    Duty("clear_sessions", timedelta(days=1), clear_sessions),
    Duty("prune_finished_tasks", timedelta(days=1), prune_finished_tasks),
)
