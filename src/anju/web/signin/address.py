"""Where a request comes from. Forwarding headers count only behind a stated number of proxies."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

_NOWHERE = "0.0.0.0"  # noqa: S104  a proxy on a local socket that names nobody


def address_of(request: HttpRequest) -> str:
    """Return the address: the one the outermost of our own proxies saw, or the peer's."""
    count: int = settings.TRUSTED_PROXIES
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    forwarded = hops[-count] if 0 < count <= len(hops) else ""
    return _tidy(forwarded) or _tidy(request.META.get("REMOTE_ADDR", "")) or _NOWHERE


def neighbourhood_of(request: HttpRequest) -> str:
    """Return what is counted as one address: an IPv6 household owns a whole /64."""
    address = ip_address(address_of(request))
    return str(IPv6Network((address, 64), strict=False)) if isinstance(address, IPv6Address) else str(address)


def _tidy(text: str) -> str:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address).partition("%")[0]
