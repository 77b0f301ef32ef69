"""The ticker's process: `python -m anju.config.ticking`."""

import signal
from threading import Event

import django

GRACE_SECONDS = 10  # for the duty that runs; without a database it would wait for one as often as it asks


def main() -> None:
    django.setup()
    from anju.base.ticker import run_forever
    from anju.config.duties import DUTIES

    stop = Event()

    def wish(*_: object) -> None:
        stop.set()
        signal.alarm(GRACE_SECONDS)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, wish)
    run_forever(DUTIES, stop.is_set)


if __name__ == "__main__":
    main()
