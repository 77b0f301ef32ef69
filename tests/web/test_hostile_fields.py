"""Fields that a form does not have: whatever is sent beside it, the same is written as without."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from anju.accounts.models import Post, Proposal, Recusal, User
from anju.base.models import Installation
from anju.places.models import Compound, CompoundAlias, Division, Organisation, OrganisationAlias
from tests.web.hostile import Offer, Walk, send, undone

# what tells two states of the county apart; no ids, no moments, no digests
TOLD: dict[Any, tuple[str, ...]] = {
    User: ("username", "name", "phone", "is_active", "persona", "must_change_password"),
    Post: (
        *("user__username", "role", "organisation__name", "division__code", "compound__name", "starts_on", "ends_on"),
        *("delegated_from__user__username", "appointed_by__username", "reason"),
    ),
    Proposal: ("act", "state", "alone", "reason", "proposed_by__username", "decided_by__username", "decision_reason"),
    Recusal: ("user__username", "compound__name", "organisation__name", "reason", "starts_on", "ends_on"),
    Compound: (
        *("name", "division__code", "kind", "service_state", "supervising_unit__name", "ended_on"),
        *("merged_into__name", "valid_from"),
    ),
    CompoundAlias: ("compound__name", "name", "kind", "until"),
    Organisation: (
        *("name", "kind", "division__code", "parent__name", "credit_code", "ended_on"),
        *("merged_into__name", "valid_from"),
    ),
    OrganisationAlias: ("organisation__name", "name", "kind", "until"),
    Division: ("name", "code", "level", "parent__code", "awaiting", "ended_on", "merged_into__code"),
    Installation: ("mode", "county_name", "policy_code"),
}
TYPED = {
    **dict.fromkeys(("name", "alias", "reason"), "示例·试填"),
    **{"q": "", "username": "", "phone": "", "credit_code": "", "aliases": "", "last_day": ""},
}
SETTLED = {
    **{"name": "示例·试填", "code": "990001102", "role": "department_officer", "compound": ""},
    **{"person": "无岗位（wugang）", "organisation": "县市场监管局（示例县）"},
}


def county() -> dict[str, list[tuple[Any, ...]]]:
    rows = {model.__name__: model._default_manager.values_list(*fields) for model, fields in TOLD.items()}
    return {name: sorted(found, key=repr) for name, found in rows.items()}


def extras(people: SimpleNamespace) -> dict[str, Any]:
    """Every column of people, posts and places, every flag of other frameworks, every argument of a service."""
    columns = {field.attname for model in TOLD for field in model._meta.concrete_fields}
    columns |= {field.name for model in TOLD for field in model._meta.concrete_fields}
    arguments = {"actor", "at", "approved", "by", "scope", "permissions", "groups", "is_superuser", "is_staff", "admin"}
    told: dict[str, Any] = dict.fromkeys(columns | arguments, "1")
    return told | {
        **{"role": "security_admin", "post": people.security_admin.user.posts.get().pk, "is_active": "0"},
        **{"persona": "1", "user": people.security_admin.user.pk, "username": "root", "password": "Guihua-2026"},
        **{"state": "approved", "alone": "1", "ended_on": "2020-01-01", "ends_on": "2020-01-01", "mode": "trial"},
    }


def plausible(offer: Offer) -> dict[str, str]:
    """What an honest person would have typed and chosen."""
    form, today = offer[1], timezone.localdate()
    typed = {name: value or TYPED.get(name, str(today)) for name, value in form.typed.items()}
    typed |= {name: told for name, told in SETTLED.items() if name in form.values}
    if "role" in form.chosen:
        typed["division"] = ""
    if "last_day" in typed and "to" in form.chosen:
        typed["last_day"] = str(today + timedelta(days=9))
    return typed


def test_form_with_fields_it_does_not_have_writes_the_same_as_without(
    place: SimpleNamespace, people: SimpleNamespace
) -> None:
    offered = [offer for offer in Walk(place, people).offers("p") if offer[1].method == "post"]
    before, beside, wrote = county(), extras(people), []
    for offer in offered:
        person, form = offer
        typed = plausible(offer)
        with undone():
            send(person, form, typed)
            as_it_is = county()
        with undone():
            send(person, form, {name: value for name, value in beside.items() if name not in form.values} | typed)
            assert county() == as_it_is, form.action
        if as_it_is != before:
            wrote.append(form.action)
    assert len(wrote) > 20, wrote
    assert county() == before


def test_persona_and_county_with_fields_they_do_not_have(people: SimpleNamespace) -> None:
    """A real county has no personas to become and nothing to load, whatever is sent."""
    before = county()
    for address in ("/demo/", "/found/", "/personas/become/"):
        sent = {"persona": people.security_admin.user.pk, "policy": "demo", "mode": "trial", "force": "1"}
        assert people.bureau_officer.client.post(address, sent).status_code == 404
        assert people.stranger.client.post(address, sent).status_code == 404
    assert county() == before
