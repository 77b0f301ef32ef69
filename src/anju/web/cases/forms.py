"""Small forms of a case, one for each act, made from what the workflow asks for."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.db.models import Q
from django.utils import timezone

from anju.base.actor import Actor
from anju.cases.models import Case, Matter
from anju.cases.queries.catalogue import catalogue_in_force, workflow_of_case
from anju.cases.queries.items import items_of
from anju.cases.queries.joint import Part, joinable, parts_to_record, units_to_record
from anju.cases.queries.places import company_of, compounds_to_file_for, leads, owners_org_of, units_by_code
from anju.cases.queries.reckoning import latest_end
from anju.cases.queries.record import files_for, merge_targets, proposed_text
from anju.cases.queries.routes import proposed_route, suggested_lead
from anju.cases.services.acting import Clearing, Wish
from anju.cases.services.filing import SOURCES, Filing
from anju.cases.services.papers import Paper
from anju.rules.cases.counting import last_day
from anju.rules.cases.facts import ItemState, Mode, Payload, TaskKind, TaskState
from anju.rules.cases.identity import LABELS
from anju.rules.cases.roles import ENTERED_BY, played_by_post
from anju.rules.cases.workflow import Transition, Urgency, Workflow
from anju.rules.workdays.calendar import CHINA
from anju.web.cases.items import check_items, item_choices, item_fields, told_items
from anju.web.cases.joint import (
    BESIDE,
    arrivals_of,
    attendance_fields,
    attendance_of,
    beside_field,
    check_attendance,
    told_attendance,
)
from anju.web.cases.words import DISSUASIONS, SCORES, URGENCIES, YES
from anju.web.fields import DayField, IdChoiceField, MomentField, NameField
from anju.web.places.forms import one_of

FILES: Final = frozenset({"photo", "after_photo", "scene_photo", "scan", "items_proof", "agreement", "test_report"})
TICKS: Final = frozenset(
    {"duplicates", "emergency_call", "dispatcher_consent", "lead_signature", "consent_both", "preview", "rights_notice"}
)
TYPED: Final = frozenset(
    {
        "matter",
        "urgency",
        "until",
        "outcome",
        "milestone",
        "child_type",
        "score",
        "level",
        "master",
        "lead",
        "compound",
        "meets_at",
        "ground",
    }
)
LINES: Final = frozenset({"order_number", "meeting_place", "time_place", "proposed_unit", "court_name"})
_UNIT_FIELDS: Final = ("lead", "unit")
EITHER: Final = "两项至少填一项"
_CHOOSE: Final = ("", "请选择")  # what happens to stand first is nobody's choice
_RECORD: Final = "劝阻经过：何时、谁去的、对谁、怎么劝、对方怎么说（不写反映人）"
# What a tick says, where the name of the evidence alone does not say what is confirmed.
TICKED: Final = {
    "duplicates": "已查重复：和在办的不是同一件",
    "emergency_call": "紧急的：已转告 110、119、120 或电梯救援",
    "dispatcher_consent": "派遣员已同意退回",
    "lead_signature": "单位负责人已签发",
    "consent_both": "双方都同意",
    "preview": "已核对公开前的预览，没有个人信息",
    "rights_notice": "已告知可走的途径",
}


_NO_FILE: Final = {"empty": "文件是空的，请重新选择。"}


class _EitherText(forms.CharField):
    """One of several of which one is enough. `parts/field.html` says so instead of 可不填."""

    optional_words = EITHER


class _EitherFile(forms.FileField):
    optional_words = EITHER


class _ProofFile(forms.FileField):
    optional_words = "办成的须附"


class _EitherChoice(forms.ChoiceField):
    optional_words = EITHER


class _PaperMoment(MomentField):
    optional_words = "不填按现在算"


def _area(label: str, *, required: bool, either: bool = False) -> forms.CharField:
    errors = {"required": f"请填写{label}。", "max_length": f"{label}最多 5000 个字。"}
    widget = forms.Textarea(attrs={"rows": 3})
    kind = _EitherText if either else forms.CharField
    return kind(label=label, required=required, max_length=5000, widget=widget, error_messages=errors)


def _line(label: str, *, required: bool) -> forms.CharField:
    errors = {"required": f"请填写{label}。", "max_length": f"{label}最多 200 个字。"}
    return forms.CharField(label=label, required=required, max_length=200, error_messages=errors)


def level_field(workflow: Workflow) -> forms.ChoiceField:
    """Which level is ordered: chosen by whoever orders it, never what happens to stand first."""
    return one_of("督办级别", [_CHOOSE, *((one.level, one.name) for one in workflow.levels)])


def _tick(label: str, *, required: bool) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=required, error_messages={"required": f"请确认：{label}。"})


def _many() -> forms.CheckboxSelectMultiple:
    return forms.CheckboxSelectMultiple(attrs={"class": "aj-many"})


def _upload(label: str, *, required: bool, either: bool = False) -> forms.FileField:
    kind = _EitherFile if either else forms.FileField
    errors = {"required": f"请选择{label}。", **_NO_FILE}
    return kind(label=label, required=required, error_messages=errors, max_length=200)


class ActForm(forms.Form):
    """The form of one act on one case. `wish` gives what was said to the service."""

    def __init__(
        self, actor: Actor, case: Case, transition: Transition, data: Any, files: Any, *, enter_for: str = ""
    ) -> None:
        super().__init__(data, files)
        workflow = workflow_of_case(case)
        self.case, self.workflow, self.transition = case, workflow, transition
        self.actor, self.enter_for = actor, enter_for
        self.parts, self.moved_on, self.peers = list[Part](), list[Case](), list[Case]()  # of a joint session
        for need in transition.needs:
            self._add_need(need)
        for guard in transition.guards:
            self._add_for_guard(guard)
        if transition.code == "accept":
            self._add_clearing()
        if transition.code == "dissuade":
            self.fields["dissuasion"] = one_of("劝阻结果", DISSUASIONS)
            self.fields["scene_photo"] = _upload("现场照片或手写记录", required=False)
        if enter_for:
            self.fields["scan"] = _upload(
                f"{self.workflow.evidence['scan']}（没有纸面的写通话记录）", required=False, either=True
            )
            self.fields["call_note"] = _area(self.workflow.evidence["call_note"], required=False, either=True)
            self.fields["happened"] = _PaperMoment(label="回执或电话上的时间", required=False)

    def _add_need(self, need: str) -> None:
        ways = need.split("|")
        for code in ways:
            if code in ("items", "attendance"):
                self.fields |= item_fields() if code == "items" else self._attendance()
                continue
            if code in TYPED:
                self._add_typed(code)
                continue
            label = _RECORD if code == "dissuasion_record" else TICKED.get(code, self.workflow.evidence[code])
            required = len(ways) == 1
            make = _upload if code in FILES else _tick if code in TICKS else _line if code in LINES else _area
            label = f"{label}或补充" if ways == ["ground", "reason"] else label
            either = {} if required or make not in (_upload, _area) else {"either": True}
            self.fields[code] = make(label, required=required, **either)
            if required and make is _upload and code in ("items_proof", "agreement"):
                self.fields[code] = _upload(f"{label}（扫描件或照片）", required=True)

    def _attendance(self) -> dict[str, forms.Field]:
        """Of every unit of the session, for whichever case it was called."""
        self.parts, self.moved_on = parts_to_record(self.actor, self.case, timezone.now())
        self.peers = [part.case for part in self.parts[1:]]
        units = units_to_record(self.parts, self.case)
        return attendance_fields(units) | {"scene_photo": _upload("现场照片", required=False)}

    def _add_typed(self, code: str) -> None:
        label = self.workflow.evidence.get(code, "督办级别")  # no evidence: a guard asks for it
        match code:
            case "matter":
                own = Q(type=self.case.type) | Q(pk=self.case.matter_id)  # a round files any matter as 排查问题
                rows = Matter.objects.filter(own, ended_on=None).order_by("position")
                self.fields[code] = IdChoiceField(label=label, rows=rows, initial=self.case.matter_id)
            case "urgency":
                self.fields[code] = one_of(label, URGENCIES.items(), initial=self.case.urgency)
                if self.case.urgency == Urgency.A or self.transition.code != "accept":
                    self.fields["emergency_call"] = _tick(TICKED["emergency_call"], required=False)
            case "until":
                self.fields[code] = self._until()
            case "meets_at":
                self.fields[code] = MomentField(label=label)
            case "outcome":
                given = self.workflow.outcomes_by(self.case.type, self.transition.code)
                if len(given) > 1:
                    self.fields[code] = one_of(label, [_CHOOSE, *((one.code, one.name) for one in given)])
            case "milestone":
                urgency = Urgency(self.case.urgency)
                steps = [one for one in self.workflow.milestones.values() if one.is_of(self.case.type, urgency)]
                self.fields[code] = one_of(label, [_CHOOSE, *((one.code, one.name) for one in steps)])
                shown = "、".join(one.name for one in steps if one.needs)
                if shown:
                    self.fields["scene_photo"] = _upload(f"现场照片（{shown}须附）", required=False)
            case "ground":
                grounds = self.workflow.grounds_of(self.transition.code)
                self.fields[code] = _EitherChoice(
                    label=label,
                    choices=[("", "其他（写在下面）"), *grounds.items()],
                    required=False,
                    error_messages={"invalid_choice": f"{label}没有这个选项，请重新选择。"},
                )
            case "child_type":
                others = [(one.code, one.name) for one in self.workflow.types.values() if one.code != self.case.type]
                self.fields[code] = one_of(label, [_CHOOSE, *others])
            case "level":
                self.fields[code] = level_field(self.workflow)
            case "score":
                self.fields[code] = one_of(label, self._scores())

    def _scores(self) -> list[tuple[int | str, str]]:
        """What the reporter said, of what this act is for; never what happens to stand first where there is a choice."""
        good = "score_satisfied" in self.transition.guards
        least = self.workflow.limits.satisfied_from
        found: list[tuple[int | str, str]] = [(one, word) for one, word in SCORES.items() if (one >= least) is good]
        return found if len(found) == 1 else [("", "请选择"), *found]

    def _until(self) -> DayField:
        """The latest day stands beside it, also of what is only asked; who grants finds the day that was asked."""
        code = "suspend" if self.transition.code == "ask_suspension" else self.transition.code
        latest = latest_end(self.case, code, timezone.now())
        asked = self.case.requests.filter(decision="").values_list("until", flat=True).first()
        hint = f"最迟 {last_day(latest)}" if latest else ""
        granted = min(asked, latest or asked) if asked and self.transition.code == "suspend" else None
        initial = last_day(granted) if granted else None
        return DayField(label="截止日期", help_text=hint, initial=initial)

    def _add_for_guard(self, guard: str) -> None:
        match guard:
            case "lead_given":
                self._add_lead()
            case "helpers_given":
                self._add_helpers(required=True, label="请哪些单位参加（主办单位不用选）")
                self.peers = joinable(self.actor, self.case, timezone.now())
                self.fields |= beside_field(self.peers)
            case "dissuader_apart":
                self.fields["unit"] = one_of("由谁劝阻", self._dissuaders())
            case "helper_named":
                self.fields["unit"] = one_of("免除哪个单位", self._open_helpers())
            case "dissuasion_stopped":
                self.fields["dissuasion"] = one_of("劝阻结果", DISSUASIONS[:1])
            case "dissuasion_failed":
                self.fields["dissuasion"] = one_of("劝阻结果", DISSUASIONS[2:], required=False)
            case "item_open" | "item_waiting":
                state = ItemState.OPEN if guard == "item_open" else ItemState.DONE
                items = item_choices(self.case, state)
                only = items[0][0] if len(items) == 1 else None
                self.fields["item"] = one_of("哪一项", items, initial=only, widget=forms.RadioSelect())
                self.order_fields(["item"])
            case "items_done" if not items_of(self.case):
                self.fields["items_proof"] = _upload("逐项完成凭证（扫描件或照片）", required=True)
            case "extension_in_limit":
                self.fields["days"] = forms.IntegerField(label="延长几个工作日", min_value=1, max_value=60)
            case "mergeable":
                rows = [
                    (row["number"], f"{row['number']} {row['spot']}") for row in merge_targets(self.actor, self.case)
                ]
                self.fields["master"] = one_of("并入哪一件", rows)
            case "outcome_of_type":
                self._add_proof()
            case "level_rises" if "level" not in self.fields:
                self._add_typed("level")

    def _add_proof(self) -> None:
        """What this matter needs besides where it is done; whatever else it is called needs none."""
        given = self.workflow.outcomes_by(self.case.type, self.transition.code)
        needs = dict.fromkeys(need for one in given for need in self.workflow.proof_of(self.case.matter.code, one.code))
        for need in needs:
            self.fields[need] = _ProofFile(
                label=self.workflow.evidence[need], required=False, error_messages=_NO_FILE, max_length=200
            )

    def _add_lead(self) -> None:
        """What is proposed stands first; whatever else is chosen is listed for the county to mend its list with.

        Where nobody is proposed, or an act does not give a case back to who returned it, nothing stands there by chance.
        """
        proposed = suggested_lead(self.case, on=timezone.localdate())
        returned = self._returned() if "lead_not_returner" in self.transition.guards else frozenset()
        units = [(str(pk), row.name) for pk, row in leads().items() if pk not in returned]
        choices = sorted(units, key=lambda one: one[0] != proposed)
        self.fields["lead"] = one_of("主办单位", choices if proposed else [("", "请选择"), *choices])
        if self.transition.code in ("dispatch", "adjudicate"):
            self._add_helpers(required=False)
        if self.transition.code == "dispatch":
            self.fields["reason"] = _line("没有按建议派的理由（每月供县里更正归口表）", required=False)

    def _returned(self) -> frozenset[int]:
        """Who has given the case back."""
        rows = self.case.tasks.filter(kind=TaskKind.LEAD, state=TaskState.RETURNED)
        return frozenset(pk for pk in rows.values_list("unit_id", flat=True) if pk)

    def _add_helpers(self, *, required: bool, label: str = "协办单位") -> None:
        codes = units_by_code()
        proposed = [codes[code] for code in proposed_route(self.case, on=timezone.localdate()).joint if code in codes]
        bodies = {row.pk: row.name for row in codes.values()} | {row.pk: row.name for row in proposed}
        self.fields["helpers"] = forms.MultipleChoiceField(
            label=label,
            choices=[(str(pk), name) for pk, name in bodies.items()],
            required=required,
            initial=[str(row.pk) for row in proposed] if not required else [],
            widget=_many(),
            error_messages={"required": "请选择参加的单位。"},
        )

    def _dissuaders(self) -> list[tuple[str, str]]:
        on = timezone.localdate()
        bodies = (company_of(self.case.compound, on=on), owners_org_of(self.case.compound, on=on))
        return [(str(row.pk), row.name) for row in bodies if row]

    def _open_helpers(self) -> list[tuple[str, str]]:
        rows = self.case.tasks.filter(kind=TaskKind.HELPER, state="open").select_related("unit")
        return [(str(row.unit_id), row.unit.name) for row in rows if row.unit]

    def _add_clearing(self) -> None:
        """Whom it is about, and what of it they may read: names and numbers are blackened beforehand, a person looks."""
        named = self.case.parties.filter(role="respondent").values_list("organisation", "organisation__name")
        told = {str(pk): name for pk, name in named}
        units = {str(row.pk): row.name for row in units_by_code().values()}
        self.fields["respondents"] = forms.MultipleChoiceField(
            label="被反映的是哪个单位",
            choices=list((dict(self._dissuaders()) | units | told).items()),
            required=False,
            initial=list(told),
            widget=_many(),
        )
        self.fields["cleared"] = _area("给被反映方看的文字（涂黑的是姓名、电话、房号，请核对）", required=False)
        self.fields["cleared"].initial = proposed_text(self.case)
        pictures = [
            (str(row.pk), self.workflow.evidence.get(row.evidence, "")) for row in files_for(self.actor, self.case)
        ]
        if pictures:
            self.fields["shared"] = forms.MultipleChoiceField(
                label="可以给被反映方看的照片", choices=pictures, required=False, widget=_many()
            )

    def ticked(self) -> list[Case]:
        """Return the other cases that were ticked for the same session."""
        chosen = self.cleaned_data.get(BESIDE, ())
        return [row for row in self.peers if row.number in chosen]

    def clean(self) -> dict[str, Any]:
        if "items" in self.transition.needs:
            check_items(self)
        if "attendance" in self.transition.needs:
            check_attendance(self)
        return self.cleaned_data

    def wish(self) -> Wish:
        """Return the act as the service takes it."""
        data = self.cleaned_data
        note = {code: YES if data[code] is True else data[code] for code in data if self._is_text(code) and data[code]}
        if items := told_items(data):
            note["items"] = "\n".join(line for line, _ in items)
        if "attendance" in self.transition.needs:
            note["attendance"] = told_attendance(self, self.case)
        files = tuple(Paper(code, data[code].name, data[code]) for code in data if code in FILES and data[code])
        return Wish(
            self.transition.code,
            self._payload(data),
            note,
            files,
            enter_for=self.enter_for,
            happened=data.get("happened"),
            cleared=self._cleared(),
        )

    def _is_text(self, code: str) -> bool:
        return code in self.workflow.evidence and code not in TYPED and code not in FILES

    def _payload(self, data: Mapping[str, Any]) -> Payload:
        told: dict[str, Any] = {
            name: data[name]
            for name in ("outcome", "milestone", "child_type", "dissuasion", "master", "ground")
            if data.get(name)
        }
        told |= {name: data[name] for name in (*_UNIT_FIELDS, "days") if data.get(name)}
        if data.get("item"):
            told["item"] = int(data["item"])
        told["items"] = tuple(end_of(day) for _, day in told_items(data))
        if data.get("score"):
            told["score"] = int(data["score"])
        if data.get("level"):
            told["level"] = int(data["level"])
        if data.get("matter"):
            told["matter"] = data["matter"].code
        if data.get("urgency"):
            told["urgency"] = Urgency(data["urgency"])
        if data.get("meets_at"):
            told["meets_at"] = data["meets_at"]
        if "attendance" in self.transition.needs:
            told["attendance"], told["arrivals"] = attendance_of(self), arrivals_of(self, self.case)
        if data.get("until"):
            told["until"] = end_of(data["until"])
        told["helpers"] = tuple(unit for unit in data.get("helpers", ()) if unit != told.get("lead"))
        told["respondents"] = frozenset(data.get("respondents", ()))
        return Payload(**told)

    def _cleared(self) -> Clearing | None:
        if "cleared" not in self.fields:
            return None
        data = self.cleaned_data
        return Clearing(data["cleared"], frozenset(int(pk) for pk in data.get("shared", ())))


def typed_in(form: forms.Form) -> list[tuple[str, str]]:
    """Return what somebody wrote into a form, label and text; what was chosen, ticked or uploaded is soon chosen again."""
    chosen = forms.ChoiceField | forms.BooleanField | IdChoiceField
    told = [(str(field.label), field.data) for field in form if not isinstance(field.field, chosen)]
    return [(label, text) for label, text in told if isinstance(text, str) and text.strip()]


def end_of(day: Any) -> datetime:
    """Return 24:00 of a day: a date that an act sets is wholly in time."""
    return datetime.combine(day, time(), tzinfo=CHINA) + timedelta(days=1)


class RevealForm(forms.Form):
    reason = NameField(label="用途", limit=100)


class FilingForm(forms.Form):
    """A problem typed by staff: a citizen's words from counter, telephone or 12345, or what they found themselves."""

    def __init__(self, actor: Actor, data: Any, files: Any, initial: Mapping[str, Any]) -> None:
        super().__init__(data, files, initial=dict(initial))
        clerk = bool(played_by_post(actor.role) & ENTERED_BY["reporter"])
        citizens = {"counter", "phone", "hotline"} if clerk else set[str]()
        own = {"company"} if actor.role in ("project_manager", "company_admin", "committee_member") else set()
        found = {"patrol", "survey", "inspection", "superior"} | citizens
        sources = [(code, name) for code, name in SOURCES.items() if code in (own or found)]
        self.fields["key"] = forms.CharField(widget=forms.HiddenInput(), max_length=64)
        self.fields["source"] = one_of("来源", sources)
        self.fields["compound"] = IdChoiceField(label="小区", rows=compounds_to_file_for(actor))
        self.fields["matter"] = IdChoiceField(label="事项", rows=Matter.objects.filter(ended_on=None))
        self.fields["spot"] = NameField(label="位置，例如 3幢2单元天台", limit=100, required=False)
        self.fields["text"] = _area("情况", required=True)
        names = catalogue_in_force().circumstances
        self.fields["circumstances"] = forms.MultipleChoiceField(
            label="情形", choices=list(names.items()), required=False, widget=_many()
        )
        self.fields["photo"] = _upload("照片", required=False)
        self.fields["scan"] = _upload("笔录或来件的扫描件", required=False)
        if citizens and not own:
            modes = [(mode.value, label) for mode, label in LABELS.items()]
            self.fields["mode"] = one_of("反映人的身份", modes, initial=Mode.HIDDEN.value)
            self.fields["undisclosed"] = _tick("反映人不要公开这件事，只计数", required=False)
            self.fields["name"] = NameField(label="反映人姓名", limit=50, required=False)
            self.fields["phone"] = NameField(label="反映人电话", limit=20, required=False)

    def filing(self) -> Filing:
        data = self.cleaned_data
        return Filing(
            compound=data["compound"],
            matter=data["matter"].code,
            circumstances=tuple(data["circumstances"]),
            text=data["text"],
            spot=data["spot"],
            files=tuple(self._papers()),
            mode=Mode(data.get("mode") or Mode.HIDDEN),
            undisclosed=bool(data.get("undisclosed")),
            phone=data.get("phone", ""),
            name=data.get("name", ""),
            source=data["source"],
            key=data["key"],
        )

    def _papers(self) -> Iterator[Paper]:
        for code in ("photo", "scan"):
            if upload := self.cleaned_data[code]:
                yield Paper(code, upload.name, upload)
