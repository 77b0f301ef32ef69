"""`anju check`: one line for each thing looked at; exit code 1 and the list when something is wrong."""

import argparse
from datetime import UTC, datetime

from anju.config.findings import CHECKS, Place, notes
from anju.config.session import database_running, installation_mode


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quiet", action="store_true", help="print only what is wrong")


def execute(args: argparse.Namespace) -> int:
    wrong = 0
    with database_running() as home:
        place = Place(home, installation_mode(), datetime.now(UTC))
        _set_up()
        for name, check in CHECKS.items():
            found = list(check(place))
            wrong += len(found)
            if not (found or args.quiet):
                print(f"ok    {name}", flush=True)
            for line in found:
                print(f"WRONG {line}", flush=True)
        for line in notes(place):
            print(f"note  {line}", flush=True)
    if wrong:
        print(f"anju: {wrong} to mend · 有 {wrong} 项需要处理")
        return 1
    print("anju: everything is in order · 一切正常")
    return 0


def _set_up() -> None:
    import django

    django.setup()
