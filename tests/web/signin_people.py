"""Someone with a password, at a browser that may be new or known."""

from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from anju.accounts.models import User

PASSWORD = "Guihua-2026"
WRONG = "Guihua-2025"
HOME, SIGN_IN, SIGN_OUT = "/account/", "/account/sign-in/", "/account/sign-out/"


@pytest.fixture
def chen(people: SimpleNamespace) -> User:
    """The bureau officer, who knows a password of her own."""
    return give_password(people.bureau_officer.user)


@pytest.fixture
def lin(people: SimpleNamespace) -> User:
    return give_password(people.bureau_reviewer.user)


def give_password(person: User) -> User:
    person.password = _hashed(PASSWORD)
    person.save()
    return person


@cache
def _hashed(password: str) -> str:
    """The real hasher, which is slow on purpose, once a process: whoever signs in is still held against it each time."""
    return make_password(password)


def sign_in(client: Client, name: str, password: str = PASSWORD, **more: Any) -> Any:
    """Post the form; `more` are META values, or `next` for the redirect."""
    fields = {"login": name, "password": password}
    if "next" in more:
        fields["next"] = more.pop("next")
    return client.post(SIGN_IN, fields, **more)


def is_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


def said(response: Any) -> list[str]:
    """Every error the page's form shows."""
    return [error for errors in response.context["form"].errors.values() for error in errors]
