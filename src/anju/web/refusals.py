"""A service's refusal becomes a sentence at the top of the form, and the page is shown again with what was typed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.forms import BaseForm

from anju.base.actor import Refused
from anju.web.words import sentence


@dataclass(slots=True)
class Outcome:
    """`ok` once the calls inside the block have all been done."""

    ok: bool = False


@contextmanager
def refusals(form: BaseForm) -> Iterator[Outcome]:
    """Yield an outcome; a `Refused` inside the block becomes an error of the whole form and `ok` stays False."""
    outcome = Outcome()
    try:
        yield outcome
    except Refused as refusal:
        form.add_error(None, sentence(refusal))
        return
    outcome.ok = True
