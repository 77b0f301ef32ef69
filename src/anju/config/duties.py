"""Every periodic duty of the product. Apps offer them; this list decides that they run."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from anju.base.ticker import Duty


def _forget_ended_sessions(at: datetime) -> None:
    Session.objects.filter(expire_date__lt=at).delete()


DUTIES: tuple[Duty, ...] = (
    Duty("sessions.forget_ended", timedelta(hours=6), _forget_ended_sessions),
)
