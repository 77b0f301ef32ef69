"""`anju user ...`: people who sign in, from the machine itself. The way back in when no administrator can sign in."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING

from anju.config.failure import Failure
from anju.config.session import database_running, installation_mode

if TYPE_CHECKING:
    from anju.accounts.models import User


def add_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", metavar="act", required=True)
    acts.add_parser("list", help="everyone, with their posts · 名单")
    create = acts.add_parser("create", help="a person without a post · 新建")
    create.add_argument("username")
    create.add_argument("name", help="as written on the pages, in Chinese")
    create.add_argument("--phone", default="")
    reset = acts.add_parser("reset", help="a new one-time password · 重置密码")
    reset.add_argument("username")
    disable = acts.add_parser("disable", help="close an account and end its posts · 停用")
    disable.add_argument("username")
    disable.add_argument("--reason", required=True)


def execute(args: argparse.Namespace) -> int:
    with database_running():
        installation_mode()  # refuses, in one line, where there is no installation
        import django

        django.setup()
        from django.utils import timezone

        from anju.config.spoken import spoken

        with spoken():
            {"list": _list, "create": _create, "reset": _reset, "disable": _disable}[args.act](args, timezone.now())
    return 0


def _list(_: argparse.Namespace, at: datetime) -> None:
    from django.utils import timezone

    from anju.accounts.queries.people import COLUMNS, find_people, person_rows
    from anju.base.actor import SYSTEM

    today = timezone.localdate(at)
    for row in person_rows(find_people(SYSTEM, text="", state="", on=today).values("id", *COLUMNS), on=today):
        state = "active" if row.is_active else "disabled"
        print(f"{row.username}\t{row.name}\t{state}\t{'；'.join(row.posts)}")


def _create(args: argparse.Namespace, at: datetime) -> None:
    from anju.accounts.services.people import create_person
    from anju.base.actor import SYSTEM

    made = create_person(actor=SYSTEM, name=args.name, username=args.username, phone=args.phone, at=at)
    _show(made.person.username, made.password)


def _reset(args: argparse.Namespace, at: datetime) -> None:
    from anju.accounts.services.passwords import reset_password
    from anju.base.actor import SYSTEM

    _show(args.username, reset_password(actor=SYSTEM, person=_person(args.username), at=at))


def _disable(args: argparse.Namespace, at: datetime) -> None:
    from anju.accounts.services.people import disable_person
    from anju.base.actor import SYSTEM

    disable_person(actor=SYSTEM, person=_person(args.username), reason=args.reason, at=at)
    print(f"anju: {args.username} is disabled · 已停用")


def _person(username: str) -> User:
    from anju.accounts.models import User

    person = User.objects.filter(username=username).first()
    if person is None:
        raise Failure(f"nobody has the user name {username}", "没有这个用户名")
    return person


def _show(username: str, password: str) -> None:
    print(f"anju: {username}: one-time password, shown only now · 一次性密码（只显示这一次）：{password}")
