"""方案二(二)5、9: an illegal structure, reported by a neighbour from the code on the wall, as far as the citizen's side goes."""

import re
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from anju.base.actor import SYSTEM
from anju.cases.models import Case, CaseParty
from anju.cases.queries.parties import reporter_of
from anju.cases.services.loading import load_cases
from anju.rules.cases.identity import Sight
from tests.base.pictures import picture
from tests.citizen.test_report import begin, send, text
from tests.people import NOW


@pytest.mark.django_db
def test_structure_reported_by_qr_is_routed_watched_and_joined(place: SimpleNamespace, people: SimpleNamespace) -> None:
    load_cases(actor=SYSTEM, policy="demo", at=NOW)
    place.compound.refresh_from_db()
    code = place.compound.card.code
    reporter = Client()
    reporter.get(reverse("citizen:report", args=[code]))

    # She photographs it, presses 乱搭乱建, leaves a number that the company shall not see, and sends.
    begun = begin(reporter, code, "building", photo=picture())
    receipt = text(
        send(reporter, code, begun, phone="13500000001", building="3栋2单元", note="顶楼李经理亲戚在加盖，501室")
    )
    case = Case.objects.get()
    assert (case.type, case.matter.code, case.mode, case.spot) == ("enforcement_lead", "WL03", "hidden", "3栋2单元")
    assert case.number in receipt
    assert "房号" in receipt

    # The company's manager sees nothing of who reported; the intake sees that there is somebody, masked.
    assert reporter_of(people.manager.actor, case).sight is Sight.NOTHING
    assert "13500000001" not in str(reporter_of(people.bureau_officer.actor, case))

    # The link of her receipt shows how far it is; she asks once for haste.
    link = re.search(r'href="(/c/case/[^"]+)"', receipt)
    assert link
    assert "已收到" in text(reporter.get(link[1]))

    # A neighbour stands before the same roof and says so with one press, once.
    neighbour = Client()
    neighbour.get(reverse("citizen:report", args=[code]))
    begun = begin(neighbour, code, "building")
    shown = text(neighbour.get(begun.headers["Location"]))
    assert "我也遇到了" in shown
    assert "顶楼" not in shown
    assert "您也遇到了" in text(send(neighbour, code, begun, same=str(case.pk)))
    assert "我也遇到了" in text(send(neighbour, code, begun, same=str(case.pk)))
    assert Case.objects.get().joined == 1
    assert CaseParty.objects.filter(role="joined", phone="").count() == 1

    # Stepping back leaves the lead to go on without her.
    page = text(reporter.post(link[1], {"withdraw": "1"}, follow=True))
    assert "按您说的不办了" in page or "is-bad" in page
    assert Case.objects.get().kind == "open"
