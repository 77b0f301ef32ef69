"""A service's refusal becomes a sentence in the form, and the page is shown again with what was typed."""

from collections.abc import Iterator, Mapping
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
def refusals(form: BaseForm, beside: Mapping[str, str] | None = None) -> Iterator[Outcome]:
    """Yield an outcome; a `Refused` inside the block becomes an error of the form and `ok` stays False.

    `beside` says for a refusal's code which field it belongs to; any other is an error of the whole form.
    """
    outcome = Outcome()
    try:
        yield outcome
    except Refused as refusal:
        field = (beside or {}).get(refusal.code)
        form.add_error(field if field in form.fields else None, sentence(refusal))
        return
    outcome.ok = True
