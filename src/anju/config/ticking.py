"""The ticker's process: `python -m anju.config.ticking`."""

import signal
from threading import Event

import django


def main() -> None:
    django.setup()
    from anju.base.ticker import run_forever
    from anju.config.duties import DUTIES

    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run_forever(DUTIES, stop.is_set)


if __name__ == "__main__":
    main()
