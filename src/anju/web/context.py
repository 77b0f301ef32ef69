"""What every template can count on."""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from anju.base.actor import STRANGER
from anju.base.installation import installation
from anju.rules.permissions import Permission
from anju.web.navigation import navigation

LARGE_TYPE = "large"


def house(request: HttpRequest) -> dict[str, Any]:
    """`actor`, `nav`, `posts`, `ways`, `place_name`, `trial`, `large_type`; the sidebar is built only by pages that show it."""
    actor = getattr(request, "actor", STRANGER)
    county = installation()
    return {
        "actor": actor,
        "nav": SimpleLazyObject(lambda: navigation(actor, request.path)),
        "posts": [{"id": pk, "name": name} for pk, name in actor.posts] if len(actor.posts) > 1 else [],
        "ways": _ways(),
        "search_url": _ways()["search"] if actor.may(Permission.DESK_VIEW) else "",
        "place_name": county.county_name if county else "",
        "trial": county is None or county.mode == "trial",
        "demo": county is not None and county.mode == "trial",
        "large_type": request.COOKIES.get(LARGE_TYPE) == "1",
    }


@cache
def _ways() -> dict[str, str]:
    """Where the frame of every page leads: addresses that are the same in every request."""
    names = {
        "today": "home:today",
        "search": "home:search",
        "act_as": "home:act_as",
        "account": "account_home",
        "sign_in": "account_login",
        "sign_out": "account_logout",
    }
    return {way: reverse(name) for way, name in names.items()}
