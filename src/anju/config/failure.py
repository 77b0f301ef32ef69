"""What the command line says when it cannot go on: one line, in English and in Chinese, never a traceback."""


class Failure(Exception):
    """Ends a command with exit code 1 and one line for the operator."""

    def __init__(self, english: str, chinese: str) -> None:
        super().__init__(f"{english} · {chinese}")
