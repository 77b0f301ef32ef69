"""The ticker's list, assembled here because config is the only storey that sees every app."""

from datetime import datetime, timedelta

from django.core.management import call_command

from anju.accounts.services.sessions import forget_ended_sessions
from anju.accounts.services.signin import forget_attempts
from anju.base.actor import SYSTEM
from anju.base.ticker import Duty


def clear_sessions(at: datetime) -> None:
    """Expired sessions leave the table; `at` is not needed, the command compares with the clock."""
    call_command("clearsessions")


def prune_finished_tasks(at: datetime) -> None:
    call_command("prune_db_task_results", verbosity=0)


def forget_sign_ins(at: datetime) -> None:
    """Counters and addresses of sign-ins that are over are kept no longer than they are needed."""
    forget_attempts(actor=SYSTEM, at=at)
    forget_ended_sessions(actor=SYSTEM, at=at)


DUTIES = (
    Duty("clear_sessions", timedelta(days=1), clear_sessions),
    Duty("forget_sign_ins", timedelta(days=1), forget_sign_ins),
    Duty("prune_finished_tasks", timedelta(days=1), prune_finished_tasks),
)
