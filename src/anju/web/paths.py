"""Where a form may send the browser afterwards: pages of ours, nothing else."""

from django.utils.http import url_has_allowed_host_and_scheme


def own_path(wished: str, otherwise: str = "/") -> str:
    """Return the wished path if it is one of this site, not even of another host of ours."""
    own = wished.startswith("/") and url_has_allowed_host_and_scheme(wished, allowed_hosts=None)
    return wished if own else otherwise
