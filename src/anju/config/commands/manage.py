"""`anju manage ...`: Django's own commands, beside a database that answers."""

from anju.config.session import database_running


def execute(words: list[str]) -> int:
    from django.core.management import execute_from_command_line

    with database_running(create=True):
        execute_from_command_line(["anju manage", *words])
    return 0
