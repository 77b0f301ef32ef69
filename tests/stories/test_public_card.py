"""Task 2.3/6 and the note on the plan's front page: what is public is examined first, anyone can look, and errors are answered."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from anju.accounts.models import User
from anju.base.audit import verify_chain
from anju.disclosure.models import Card, Correction, ReleaseProposal
from anju.places.models import Compound, Division

pytestmark = pytest.mark.django_db(transaction=True)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def signed_in(username: str) -> Client:
    client = Client()
    client.post(reverse("public:become"), {"persona": User.objects.get(username=username).pk})
    return client


def test_figure_is_examined_released_read_corrected_confirmed_and_stopped(demo: None) -> None:
    compound = Compound.objects.get(name="示例·碧水花园")
    card = reverse("card:card", args=[Card.objects.get(compound=compound).code])
    officer, reviewer, town, citizen = signed_in("chen"), signed_in("lin"), signed_in("wei"), Client()

    assert "绿化率" not in text(citizen.get(card))
    form = {"division": Division.objects.get(level="county").pk, "items": ["greening"], "basis": "已审查，不涉密"}
    officer.post(reverse("disclosure:propose"), form)
    asked = ReleaseProposal.objects.latest("id")
    reviewer.post(reverse("disclosure:proposal", args=[asked.pk]), {"decision": "agree"})
    assert "绿化率" in text(citizen.get(card))
    assert "28%" not in text(citizen.get(card)), "released, but nobody has confirmed it"

    assert "1,086户" in text(citizen.get(card))
    said = {"item": "households", "wrong": "old", "right_value": "1,500户", "phone": "13500001234"}
    receipt = text(citizen.post(f"{card}fix/", said, follow=True))
    code = re.search(r"<output>([0-9a-z]{5}-[0-9a-z]{5})</output>", receipt)
    assert code
    assert "居民说“户数”写错了" in text(town.get(reverse("home:today")))
    row = Correction.objects.get()
    answer = {"decision": "accept", "accept-value": "1,500户", "accept-words": "入户核过，是1,500户"}
    town.post(reverse("disclosure:correction", args=[row.pk]), answer)
    assert "1,086户" not in text(citizen.get(card))
    assert "1,500户" not in text(citizen.get(card)), "待核实 until a second person confirms"
    assert "入户核过" in text(citizen.post(reverse("card:look_up"), {"code": code[1]}, follow=True))

    today = text(reviewer.get(reverse("home:today")))
    way = re.search(r'href="(/facts/compounds/\d+/confirm/\?fact=\d+)"', today)
    assert way
    fact = way[1].partition("fact=")[2]
    confirmed = reviewer.post(way[1].partition("?")[0], {"fact": fact, "reason": "已核对"})
    assert confirmed.status_code == 302
    assert "1,500户" in text(citizen.get(card))
    assert "公众纠错" in text(citizen.get(card))

    page = text(officer.get(reverse("disclosure:releases")))
    release = re.search(r'name="release" value="(\d+)" aria-label="选户数"', page)
    assert release
    officer.post(f"{reverse('disclosure:revoke')}?release={release[1]}", {"reason": "待复查"})
    assert "1,500户" not in text(citizen.get(card))
    assert verify_chain() == []
