"""How far a post sees: a value that queries turn into conditions."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows a post may see. Nothing is visible unless one of the fields says so.

    `everything`: the whole county. `divisions`: path prefixes of divisions, each with all below it. `organisations` and `compounds`: ids.
    """

    everything: bool = False
    divisions: tuple[str, ...] = ()
    organisations: frozenset[int] = frozenset()
    compounds: frozenset[int] = frozenset()


EVERYTHING = Scope(everything=True)
NOTHING = Scope()
