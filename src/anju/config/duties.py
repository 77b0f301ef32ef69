"""The ticker's list, assembled here because config is the only storey that sees every app."""

import os
from datetime import datetime, timedelta

from django.core.management import call_command

from anju.accounts.services.sessions import forget_ended_sessions
from anju.accounts.services.signin import forget_attempts
from anju.base.actor import SYSTEM
from anju.base.outbox import deliver_due, forget_phones
from anju.base.ticker import Duty
from anju.config.gateways import gateway_of
from anju.papers.notices import said_notice


def clear_sessions(at: datetime) -> None:
    """Expired sessions leave the table; `at` is not needed, the command compares with the clock."""
    call_command("clearsessions")


def prune_finished_tasks(at: datetime) -> None:
    call_command("prune_db_task_results", verbosity=0)


def forget_sign_ins(at: datetime) -> None:
    """Counters and addresses of sign-ins that are over are kept no longer than they are needed."""
    forget_attempts(actor=SYSTEM, at=at)
    forget_ended_sessions(actor=SYSTEM, at=at)


def deliver_notices(at: datetime) -> None:
    deliver_due(gateway_of(os.environ), said_notice, at)


def forget_delivered_phones(at: datetime) -> None:
    forget_phones(at)


DUTIES = (
    Duty("clear_sessions", timedelta(days=1), clear_sessions),
    Duty("deliver_notices", timedelta(seconds=10), deliver_notices),
    Duty("forget_delivered_phones", timedelta(days=1), forget_delivered_phones),
    Duty("forget_sign_ins", timedelta(days=1), forget_sign_ins),
    Duty("prune_finished_tasks", timedelta(days=1), prune_finished_tasks),
)
