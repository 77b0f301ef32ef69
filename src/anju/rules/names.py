"""Names that people type: tidied, never guessed at, refused when they could deceive a reader."""

import unicodedata

MAX_NAME = 100

# Characters that reorder or hide text (Unicode TR 36 / TR 9): a name holding them reads differently from what is stored.
_DECEIVING = frozenset(
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


_JOINERS = frozenset("\u200c\u200d")  # within words they join signs: emoji, and the scripts of other languages


class BadName(ValueError):
    """A name that cannot be stored. `code` is one of empty, too_long, control, deceiving."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def plain_words(text: str) -> str:
    """Return words without the marks that reorder or hide them. They come along unseen, as with a number copied from a phone book."""
    return "".join(sign for sign in text if sign not in _DECEIVING or sign in _JOINERS)


def tidy_name(text: str, *, limit: int = MAX_NAME) -> str:
    """Return the name in NFC with single spaces inside and none around it.

    Characters outside the basic plane (𠮷, 䶮) are kept. Raises `BadName`.
    """
    if len(text) > limit * 4:
        raise BadName("too_long")
    if _DECEIVING & set(text):
        raise BadName("deceiving")
    if not text.isprintable() and any(
        unicodedata.category(mark) in {"Cc", "Cs"} and mark not in "\t\r\n" for mark in text
    ):
        raise BadName("control")
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise BadName("empty")
    if len(name) > limit:
        raise BadName("too_long")
    return name
