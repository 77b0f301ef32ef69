"""`anju init --policy CODE`: an empty real county and its first administrator. Asks nothing."""

import argparse
import json
import os

from anju.config.failure import Failure
from anju.config.key import has_key, make_key
from anju.config.session import database_running, ensure_schema, installation_mode


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--policy", required=True, help="the county's document, such as zhongshan-2024")
    parser.add_argument("--json", action="store_true", help="print the administrator as JSON")


def execute(args: argparse.Namespace) -> int:
    with database_running(create=True) as home:
        ensure_schema()
        if (mode := installation_mode()) is not None:
            raise Failure(
                f"{home.root} already holds a {mode} installation; choose another ANJU_HOME",
                "这里已经有数据了，要另建一个县请换一个 ANJU_HOME",
            )
        username, password = _found_county(args.policy)
        if not has_key(os.environ, home):
            make_key(home)
    _show(username, password, as_json=args.json)
    return 0


def _found_county(policy: str) -> tuple[str, str]:
    import django

    django.setup()
    from django.utils import timezone

    from anju.accounts.services.setup import init_county
    from anju.base.actor import SYSTEM
    from anju.config.spoken import spoken

    with spoken():
        founded = init_county(actor=SYSTEM, policy=policy, at=timezone.now())
    return founded.username, founded.password


def _show(username: str, password: str, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"username": username, "password": password}))
        return
    print("anju: the county is founded; start it with `anju run` · 县已建立")
    print(f"anju: administrator · 管理员：{username}")
    print(f"anju: one-time password, shown only now · 一次性密码（只显示这一次）：{password}")
