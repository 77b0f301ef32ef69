"""One row inside and one outside for every kind of row that an address can name, and who may see each."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

from anju.accounts.models import Post, Proposal, Recusal
from anju.base import audit
from anju.base.actor import STRANGER, SYSTEM
from anju.base.models import AuditEntry
from anju.cases.models import Case, CaseTask, Matter
from anju.cases.services.filing import Filing, submit_case
from anju.cases.services.loading import load_cases
from anju.cases.services.papers import Paper
from anju.disclosure.models import Card, Correction, CorrectionContact, Release, ReleaseProposal, ReleaseVerdict
from anju.places.models import Compound, Division
from anju.registry.models import CompanyName, Fact, ImportFile, Indicator, ListImport, Source, Statement
from anju.reports.models import ReturnedTable, SavedView, TableEdit
from tests.base.pictures import picture
from tests.house.samples_asked import asked_samples
from tests.people import FOUNDED, NOW, TODAY, make_post, make_user

COUNTY = frozenset(
    {
        "bureau_officer",
        "bureau_reviewer",
        "supervisor",
        "system_admin",
        "security_admin",
        "audit_admin",
    }
)
WORKERS = COUNTY | {
    "town_officer",
    "other_town_officer",
    "community_worker",
    "department_officer",
}

# kind of row -> the samples of it
KINDS: dict[str, tuple[str, ...]] = {
    "division": ("division",),
    "organisation": ("company", "other_company", "bureau"),
    "compound": ("compound", "other_compound"),
    "entry": ("entry",),
    "person": ("manager_person", "other_manager_person"),
    "post": ("manager_post",),
    "own post": ("officer_post",),
    "handed over": ("handed_over",),
    "recusal": ("recusal",),
    "proposal": ("proposal",),
    "statement": ("statement", "other_statement"),
    "fact": ("fact", "other_fact"),
    "company name": ("company_name",),
    "own view": ("officer_view",),
    "own edit": ("officer_edit",),
    "own return": ("officer_return",),
    "import": ("town_import", "other_town_import"),
    "reported": ("reported",),
    "asked": ("asked",),
    "case link": ("case_link",),
    "message link": ("message_link",),
    "released photo": ("released_photo",),
    "round": ("round", "other_round"),
    "round place": ("round_place", "other_round_place"),
    "problem": ("problem", "other_problem"),
    "opinion": ("opinion", "other_opinion"),
    "hotline sheet": ("hotline_sheet",),
    "card": ("card", "other_card"),
    "reply": ("reply",),
    "release proposal": ("release_proposal",),
    "correction": ("correction", "other_correction"),
    "case of papers": ("given_case",),
    "paper": ("given_paper",),
    "office": ("bureau",),
    "case": ("case", "other_case"),
    "case act": ("case_act", "other_case_act"),
    "case file": ("case_file",),
    "matter": ("matter",),
    "overrides file": ("overrides_file",),
    "act together": ("act_together",),
}

# sample -> who may see it, given the permission
EVERYONE = WORKERS | {"company_admin", "manager", "other_manager", "chair"}
VISIBLE: dict[str, frozenset[str]] = {
    "division": WORKERS,
    "bureau": EVERYONE,
    "company": COUNTY | {"town_officer", "company_admin", "manager"},
    "other_company": COUNTY | {"other_town_officer", "other_manager"},
    "compound": COUNTY | {"town_officer", "community_worker", "manager", "chair"},
    "other_compound": COUNTY | {"other_town_officer", "other_manager"},
    "entry": frozenset({"audit_admin"}),
    "manager_person": COUNTY | {"town_officer", "manager"},
    "other_manager_person": COUNTY | {"other_town_officer", "other_manager"},
    "manager_post": COUNTY | {"town_officer", "manager"},
    "officer_post": frozenset({"bureau_officer"}),
    "handed_over": COUNTY | {"town_officer"},
    "recusal": COUNTY,
    "proposal": COUNTY,
    **dict.fromkeys(("statement", "fact"), COUNTY | {"town_officer", "community_worker", "manager", "chair"}),
    **dict.fromkeys(("other_statement", "other_fact"), COUNTY | {"other_town_officer", "other_manager"}),
    "company_name": COUNTY,
    "officer_view": frozenset({"bureau_officer"}),
    "officer_edit": frozenset({"bureau_officer"}),
    "officer_return": frozenset({"bureau_officer"}),
    "town_import": COUNTY | {"town_officer"},
    "other_town_import": COUNTY | {"other_town_officer"},
    **dict.fromkeys(("round", "round_place", "problem", "opinion"), COUNTY | {"town_officer", "community_worker"}),
    **dict.fromkeys(
        ("other_round", "other_round_place", "other_problem", "other_opinion"), COUNTY | {"other_town_officer"}
    ),
    "hotline_sheet": COUNTY,
    "release_proposal": frozenset({"bureau_officer", "bureau_reviewer"}),
    "correction": COUNTY | {"town_officer"},
    "other_correction": COUNTY | {"other_town_officer"},
    **dict.fromkeys(("given_case", "given_paper"), COUNTY | {"town_officer", "community_worker", "department_officer"}),
    "case": COUNTY | {"town_officer", "community_worker"},
    "other_case": COUNTY | {"other_town_officer"},
    "case_act": COUNTY | {"town_officer", "community_worker"},
    "other_case_act": COUNTY | {"other_town_officer"},
    "case_file": COUNTY | {"town_officer", "community_worker"},
    **dict.fromkeys(("matter", "overrides_file", "act_together"), EVERYONE),
}

# address -> kind of row it names
ROWS: dict[str, str] = {
    "board:board": "compound",
    "board:board_pdf": "compound",
    "board:phone": "office",
    "imports:abandon": "import",
    "imports:again": "import",
    "imports:assign": "import",
    "imports:columns": "import",
    "imports:correction": "import",
    "imports:import": "import",
    "imports:name": "import",
    "imports:progress": "import",
    "imports:stop": "import",
    "imports:treat": "import",
    "imports:undo": "import",
    "imports:write": "import",
    "card:card": "card",
    "card:fix": "card",
    "card:reply": "reply",
    "disclosure:correction": "correction",
    "disclosure:phone": "correction",
    "disclosure:hand_over": "correction",
    "disclosure:preview": "compound",
    "disclosure:proposal": "release proposal",
    "ledger:behind": "office",
    "ledger:photo": "released photo",
    "papers:paper": "paper",
    "papers:papers": "case of papers",
    "cases:act": "case act",
    "cases:together": "act together",
    "cases:case": "case",
    "cases:file": "case file",
    "cases:blacken": "case file",
    "cases:original": "case file",
    "cases:photos": "case",
    "cases:reporter": "case",
    **dict.fromkeys(
        ("matters:matter", "matters:edit", "matters:retire", "matters:restore", "matters:auto", "matters:confirm"),
        "matter",
    ),
    "matters:offer": "matter",
    "matters:overrides_out": "overrides file",
    "people:agree": "proposal",
    "people:alone": "proposal",
    "people:delegate": "own post",
    "people:disable": "person",
    "people:edit": "person",
    "people:enable": "person",
    "people:end": "post",
    "people:end_recusing": "recusal",
    "people:hand_over": "post",
    "people:handover_sheet": "handed over",
    "people:person": "person",
    "people:phone": "person",
    "people:proposal": "proposal",
    "people:recall": "post",
    "people:reset": "person",
    "people:send_back": "proposal",
    "people:take_back": "person",
    "people:take_back_proposal": "proposal",
    "places:compound": "compound",
    "places:compound_alias_remove": "compound",
    "places:compound_aliases": "compound",
    "places:compound_edit": "compound",
    "places:compound_end": "compound",
    "places:compound_merge": "compound",
    "places:compound_rename": "compound",
    "places:division": "division",
    "places:division_end": "division",
    "places:division_merge": "division",
    "places:division_new": "division",
    "places:division_rename": "division",
    "places:organisation": "organisation",
    "places:organisation_alias_remove": "organisation",
    "places:organisation_aliases": "organisation",
    "places:organisation_edit": "organisation",
    "places:organisation_end": "organisation",
    "places:organisation_merge": "organisation",
    "places:organisation_rename": "organisation",
    "registry:area": "compound",
    "registry:area_end": "compound",
    **dict.fromkeys(("citizen:check", "citizen:photo", "citizen:report"), "reported"),
    "citizen:ask": "asked",
    "citizen:case": "case link",
    "citizen:short": "message link",
    "inspections:end": "round",
    "inspections:enter": "round place",
    "inspections:file": "problem",
    "inspections:photo": "opinion",
    "inspections:place": "round place",
    "inspections:poster": "round place",
    "inspections:results": "round",
    "inspections:round": "round",
    "inspections:slips": "round place",
    "intake:replies": "hotline sheet",
    "intake:sheet": "hotline sheet",
    "registry:confirm": "compound",
    "registry:record": "compound",
    "registry:release": "company name",
    "registry:reveal": "fact",
    "registry:withdraw": "statement",
    "reports:cell": "compound",
    "reports:returned": "own return",
    "reports:returned_progress": "own return",
    "reports:undo": "own edit",
    "reports:view": "own view",
    "trail:entry": "entry",
}


def make_samples(place: SimpleNamespace, people: SimpleNamespace) -> dict[str, dict[str, Any]]:
    """Return the URL arguments of each sample."""
    audit.record(
        actor=people.bureau_officer.actor,
        action="compound.created",
        subject=place.compound,
        at=NOW,
    )
    load_cases(actor=SYSTEM, policy="demo", at=NOW)
    case, other_case = _case(place.compound), _case(place.other_compound)
    return {
        "case": {"pk": case.pk},
        "other_case": {"pk": other_case.pk},
        "case_act": {"pk": case.pk, "code": "accept"},
        "other_case_act": {"pk": other_case.pk, "code": "accept"},
        "case_file": {"pk": case.pk, "name": case.files.get().attachment.public_name},
        "division": {"pk": place.town.pk},
        "bureau": {"pk": place.bureau.pk},
        "company": {"pk": place.company.pk},
        "other_company": {"pk": place.other_company.pk},
        "compound": {"pk": place.compound.pk},
        "other_compound": {"pk": place.other_compound.pk},
        "entry": {"pk": AuditEntry.objects.latest("id").pk},
        "manager_person": {"pk": people.manager.user.pk},
        "other_manager_person": {"pk": people.other_manager.user.pk},
        "manager_post": {"pk": people.manager.user.posts.get().pk},
        "officer_post": {"pk": people.bureau_officer.user.posts.get().pk},
        "handed_over": {"pk": _handed_over(place).pk},
        "recusal": {"pk": _recusal(place, people).pk},
        "proposal": {"pk": _proposal(place, people).pk},
        **_facts(place, people),
        **_at_the_table(people),
        "town_import": {"pk": _import(place.town).pk},
        "other_town_import": {"pk": _import(place.other_town).pk},
        **asked_samples(place, people),
        **_disclosure(place, people),
        **_given_case(place),
        "overrides_file": {"form": "csv"},
        "act_together": {"code": "sign"},
        "matter": {"pk": Matter.objects.get(code="SF01").pk},
    }


def _given_case(place: SimpleNamespace) -> dict[str, dict[str, Any]]:
    """A case of the compound that was given to the department."""
    filing = Filing(place.compound, matter="SF01", text="示例", key="sample-of-the-house")
    case = submit_case(actor=STRANGER, filing=filing, at=NOW).case
    CaseTask.objects.create(case=case, position=0, kind="lead", unit=place.department, state="open", opened_at=NOW)
    Case.objects.filter(pk=case.pk).update(lead=place.department)
    return {"given_case": {"pk": case.pk}, "given_paper": {"pk": case.pk, "code": "order"}}


def _facts(place: SimpleNamespace, people: SimpleNamespace) -> dict[str, dict[str, Any]]:
    """A manager's phone, told about a compound inside and one outside, and the name of a company that somebody settled."""
    indicator = Indicator.objects.get_or_create(code="manager_phone", defaults=_INDICATOR)[0]
    source = Source.objects.get_or_create(name="示例排查", defaults={"kind": "survey", "rank": 3, "created_at": NOW})[0]
    found: dict[str, dict[str, Any]] = {}
    for prefix, compound in (("", place.compound), ("other_", place.other_compound)):
        told = Statement.objects.create(compound=compound, source=source, observed_on=TODAY, recorded_at=NOW)
        fact = Fact.objects.create(statement=told, indicator=indicator, text="13500001234")
        found |= {f"{prefix}statement": {"pk": told.pk}, f"{prefix}fact": {"pk": fact.pk}}
    name = CompanyName.objects.create(key="示例物业", name="示例物业", organisation=place.company, settled_at=NOW)
    return found | {"company_name": {"pk": name.pk}}


def _disclosure(place: SimpleNamespace, people: SimpleNamespace) -> dict[str, dict[str, Any]]:
    """One figure released for the county, a proposal that waits, and a correction about a compound inside and one outside."""
    item = Indicator.objects.get_or_create(code="households", defaults=_PUBLIC_INDICATOR)[0]
    officer, reviewer = people.bureau_officer.user, people.bureau_reviewer.user
    by = {"by": officer, "by_post": officer.posts.get().pk, "at": NOW, "basis": "已审查", "division": place.county}
    done, waiting = (ReleaseProposal.objects.create(items=[item.code], **by) for _ in range(2))
    verdict = ReleaseVerdict.objects.create(
        proposal=done, agreed=True, by=reviewer, by_post=reviewer.posts.get().pk, at=NOW
    )
    Release.objects.create(verdict=verdict, indicator=item, division=place.county)
    found: dict[str, dict[str, Any]] = {"release_proposal": {"pk": waiting.pk}}
    for prefix, compound, code in (("", place.compound, "0123456789"), ("other_", place.other_compound, "abcdefghjk")):
        said = {"indicator": item, "shown": "100户", "wrong": "figure", "asked_at": NOW, "due_on": TODAY}
        row = Correction.objects.create(compound=compound, code=code, **said)
        CorrectionContact.objects.create(correction=row, phone="13500001234")
        found |= {
            f"{prefix}correction": {"pk": row.pk},
            f"{prefix}card": {"code": Card.objects.get(compound=compound).code},
        }
    return found | {"reply": {"code": "0123456789"}}


_PUBLIC_INDICATOR = {
    **{"name": "户数", "type": "households", "unit": "户", "group": "management_area", "position": 107, "tolerance": 0},
    **{"stale_days": 365, "public": True, "answers": ["bureau"], "cite": "二(一)1", "valid_from": FOUNDED},
}
_INDICATOR = {
    **{"name": "项目负责人电话", "type": "phone", "group": "company", "position": 136, "tolerance": 0},
    **{"stale_days": 180, "answers": ["bureau"], "cite": "二(一)1", "valid_from": FOUNDED},
}


def _case(compound: Compound) -> Case:
    photo = Paper("photo", "照片.jpg", BytesIO(picture()))
    told = Filing(compound, "SF01", text="停车费多收了", files=(photo,))
    return submit_case(actor=STRANGER, filing=told, at=NOW).case


def _handed_over(place: SimpleNamespace) -> Post:
    """A post of the past whose successor is known."""
    former, successor = make_user("former", "前任"), make_user("successor", "继任")
    place_of_both = {"compound": place.compound}
    old = make_post(former, "project_manager", place.company, ends_on=TODAY.replace(year=2025), **place_of_both)
    make_post(successor, "project_manager", place.company, starts_on=TODAY.replace(year=2025), **place_of_both)
    return old


def _recusal(place: SimpleNamespace, people: SimpleNamespace) -> Recusal:
    return Recusal.objects.create(
        user=people.bureau_officer.user,
        compound=place.compound,
        reason="本人住在这里",
        starts_on=FOUNDED,
        recorded_at=NOW,
    )


def _proposal(place: SimpleNamespace, people: SimpleNamespace) -> Proposal:
    officer = people.bureau_officer.user
    return Proposal.objects.create(
        act="compound.end",
        payload={"args": {"compound": place.other_compound.pk, "reason": "误登"}, "facts": {"compound": "示例"}},
        reason="误登",
        proposed_by=officer,
        proposed_post=officer.posts.get(),
        proposed_at=NOW,
    )


def _at_the_table(people: SimpleNamespace) -> dict[str, Any]:
    """What the bureau's officer keeps at the county's table."""
    officer = people.bureau_officer.user
    return {
        "officer_view": {"pk": SavedView.objects.create(owner=officer, name="示例", created_at=NOW).pk},
        "officer_edit": {"pk": TableEdit.objects.create(by=officer, at=NOW, about="示例").pk},
        "officer_return": {
            "pk": ReturnedTable.objects.create(by=officer, at=NOW, file_name="a", rows=0, unchanged=0).pk
        },
    }


def _import(division: Division) -> ListImport:
    """A list that was read, with its file and without rows."""
    source = Source.objects.get_or_create(name="示例摸底", defaults={"kind": "survey", "rank": 3, "created_at": NOW})[0]
    row = ListImport.objects.create(
        source=source,
        default_division=division,
        observed_on=TODAY,
        file_name="示例.csv",
        digest="0" * 64,
        state="previewed",
        header={"first": 0, "height": 1, "columns": [SAMPLE_COLUMN]},
        started_at=NOW,
    )
    ImportFile.objects.create(list_import=row, content="小区名称,户数\n示例·甲,1\n".encode())
    return row


SAMPLE_COLUMN = {
    "heading": "小区名称",
    "code": "name",
    "confidence": 98,
    "reason": "same_name",
    "unit": "",
    "first": "示例",
}
