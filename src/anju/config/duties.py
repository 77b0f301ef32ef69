"""The ticker's list, assembled here because config is the only storey that sees every app."""

import hashlib
import os
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.urls import reverse

from anju.accounts.services.sessions import forget_ended_sessions
from anju.accounts.services.setup import load_upper_apps
from anju.accounts.services.signin import forget_attempts
from anju.base.actor import SYSTEM
from anju.base.attachments import forget_unused
from anju.base.installation import installation
from anju.base.outbox import Values, deliver_due, forget_phones
from anju.base.ticker import Duty
from anju.cases.services.links import link_of
from anju.cases.services.sweeping import archive_cases, recount_cases, sweep_cases
from anju.config.gateways import gateway_of
from anju.disclosure.services.corrections import forget_contacts
from anju.disclosure.services.knocks import forget_knocks
from anju.papers.notices import sent_notice
from anju.reports.services.settling import forget_returned


def clear_sessions(at: datetime) -> None:
    """Expired sessions leave the table; `at` is not needed, the command compares with the clock."""
    call_command("clearsessions")


def prune_finished_tasks(at: datetime) -> None:
    call_command("prune_db_task_results", verbosity=0)


def forget_sign_ins(at: datetime) -> None:
    """Counters and addresses of sign-ins that are over are kept no longer than they are needed."""
    forget_attempts(actor=SYSTEM, at=at)
    forget_ended_sessions(actor=SYSTEM, at=at)


def take_up_policy(at: datetime) -> None:
    """What a newer release asks or knows comes into a county that was founded by an older one."""
    if (county := installation()) is not None:
        load_upper_apps(actor=SYSTEM, policy=county.policy_code, at=at)


def forget_public_traces(at: datetime) -> None:
    """Phones of corrections answered long ago, and counters of who wrote how often, are kept no longer than they serve."""
    forget_contacts(actor=SYSTEM, at=at)
    forget_knocks(actor=SYSTEM, at=at)


def forget_returned_tables(at: datetime) -> None:
    """Names and phones in a table that was brought back do not lie about because nobody settled it."""
    forget_returned(actor=SYSTEM, at=at)


def _policies() -> str:
    """A name for all policy files as they are: other files are another duty, due at once."""
    digest = hashlib.sha256()
    for path in sorted(Path(settings.POLICIES).glob("*/*")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def deliver_notices(at: datetime) -> None:
    deliver_due(gateway_of(os.environ), say_by_sms, at)


def say_by_sms(template: str, values: Values) -> str:
    """Return a short message with the link to its case, where this installation knows its own address (ANJU_PUBLIC_URL)."""
    token = link_of(values) if settings.PUBLIC_URL else ""
    return sent_notice(template, values, settings.PUBLIC_URL + reverse("citizen:short", args=[token]) if token else "")


def forget_delivered_phones(at: datetime) -> None:
    forget_phones(at)


def act_when_time_is_out(at: datetime) -> None:
    """Signing, referral, lapse, resumption, silence after the result, levels of oversight."""
    sweep_cases(actor=SYSTEM, at=at)


def count_ends_again(at: datetime) -> None:
    recount_cases(actor=SYSTEM, at=at)


def archive_old_cases(at: datetime) -> None:
    archive_cases(actor=SYSTEM, at=at)


def forget_unsent_photos(at: datetime) -> None:
    forget_unused(actor=SYSTEM, at=at)


DUTIES = (
    Duty("act_when_time_is_out", timedelta(minutes=1), act_when_time_is_out),
    Duty("archive_old_cases", timedelta(days=1), archive_old_cases),
    Duty("count_ends_again", timedelta(minutes=10), count_ends_again),
    Duty(f"take_up_policy {_policies()}", timedelta(days=1), take_up_policy),
    Duty("clear_sessions", timedelta(days=1), clear_sessions),
    Duty("deliver_notices", timedelta(seconds=10), deliver_notices),
    Duty("forget_delivered_phones", timedelta(days=1), forget_delivered_phones),
    Duty("forget_unsent_photos", timedelta(hours=6), forget_unsent_photos),
    Duty("forget_sign_ins", timedelta(days=1), forget_sign_ins),
    Duty("forget_returned_tables", timedelta(days=1), forget_returned_tables),
    Duty("forget_public_traces", timedelta(days=1), forget_public_traces),
    Duty("prune_finished_tasks", timedelta(days=1), prune_finished_tasks),
)
