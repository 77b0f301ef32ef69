"""Role by route: every address, tried by everyone, on a row of theirs and on a row that is not.

The expectation is computed from the door's permission and from `VISIBLE`, who may see which row. A route that names a row
must say in `ROWS` what kind of row it is; a new route without that line fails the suite.
"""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from anju.rules.permissions import Permission
from tests.house.routes import Route, all_routes
from tests.house.samples import KINDS, ROWS, VISIBLE, make_samples

# Views of the sign-in library: who they are for. They keep their own guard.
LIBRARY: dict[str, str] = {}
ROUTES = [route for route in all_routes() if route.name not in LIBRARY]
SHARES = [ROUTES[start : start + 48] for start in range(0, len(ROUTES), 48)]
OPENED = {200, 302, 303, 405}
REFUSED = {404}
Held = frozenset[Permission] | None  # what somebody may do; nobody is signed in where it is None


def test_route_names_a_door() -> None:
    doors = {"public", "signed-in", "trial", *Permission}
    assert not [f"{route.name} ({route.pattern})" for route in ROUTES if route.door not in doors]


def test_route_with_a_row_says_what_kind_of_row() -> None:
    assert not [route.name for route in ROUTES if route.keys and route.name not in ROWS]
    assert not [name for name in ROWS if name not in {route.name for route in ROUTES}]


@pytest.mark.parametrize("routes", SHARES, ids=lambda routes: routes[0].name)
def test_route_opens_to_those_who_may_and_to_nobody_else(
    routes: list[Route], place: SimpleNamespace, people: SimpleNamespace
) -> None:
    """Several routes share one county: founding it costs as much as trying one of them."""
    samples = make_samples(place, people)
    rights = {who: person.actor.permissions if person.user else None for who, person in vars(people).items()}
    wrong = [
        f"{route.name}, {who} {method} {address}: {status}"
        for route in routes
        for kind, address in addresses(route, samples)
        for who, held in rights.items()
        for method, status in answers(route, held, getattr(people, who).client, address)
        if not fits(route, kind, who, held, method, status)
    ]
    assert not wrong


def addresses(route: Route, samples: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    if not route.keys:
        return [("", reverse(route.name))]
    return [(kind, reverse(route.name, kwargs=samples[kind])) for kind in KINDS[ROWS[route.name]]]


def answers(route: Route, held: Held, client: Client, address: str) -> list[tuple[str, int]]:
    """GET as anyone; POST (empty) only where it must be refused, so that nothing is done."""
    tried = [("GET", client.get(address).status_code)]
    if route.door in set(Permission) and route.door not in (held or ()):
        tried.append(("POST", client.post(address).status_code))
    return tried


def fits(route: Route, kind: str, who: str, held: Held, method: str, status: int) -> bool:
    match route.door:
        case "trial":
            return status in REFUSED
        case "public":
            return status in OPENED
        case "signed-in":
            return status in ({302} if held is None else OPENED)
    if held is None:
        return status in ({302, 405} if method == "GET" else {302, 403})
    if route.door not in held:
        return status in REFUSED | {405} if method == "GET" else status in REFUSED
    return status in (OPENED if not kind or who in VISIBLE[kind] else REFUSED | {405})
