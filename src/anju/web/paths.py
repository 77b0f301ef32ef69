"""Addresses of pages: asked of the resolver once, since it takes longer than a row to draw; and where a form may send the browser."""

from functools import cache
from typing import Final

from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

_SOME: Final = 987654321  # stands for any row's id while the address around it is found


@cache
def page_path(name: str) -> str:
    return reverse(name)


def row_path(name: str, pk: int) -> str:
    """Return the address of one row of a long list, or of a desk."""
    before, after = _around(name)
    return f"{before}{pk}{after}"


@cache
def _around(name: str) -> tuple[str, str]:
    before, _, after = reverse(name, args=[_SOME]).partition(str(_SOME))
    return before, after


def own_path(wished: str, otherwise: str = "/") -> str:
    """Return the wished path if it is one of this site, not even of another host of ours."""
    own = wished.startswith("/") and url_has_allowed_host_and_scheme(wished, allowed_hosts=None)
    return wished if own else otherwise
