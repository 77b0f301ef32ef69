"""One ledger of problems. What a case is stands in its events; every other column is read off them for lists and figures."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from anju.base.models import Attachment
from anju.places.models import Compound, Organisation

_KINDS = ("open", "waiting", "final", "end")


class WorkflowEdition(models.Model):
    """One version of `workflow.toml`, kept whole: a running case keeps the version it began with. Append-only."""

    policy = models.CharField(max_length=50)
    version = models.PositiveIntegerField()
    valid_from = models.DateField()
    digest = models.CharField(max_length=64)
    content = models.TextField()
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["policy", "version"], name="workflow_version_once"),)


class MatterCatalogue(models.Model):
    """One version of the catalogue's head: whether the county has confirmed it, its circumstances and the citizens' tiles.

    `units` are the codes a matter may name, with the document's names; `items` the units of each item of the plan, by its code.
    """

    policy = models.CharField(max_length=50)
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    confirmed = models.BooleanField()
    circumstances = models.JSONField()
    tiles = models.JSONField()
    units = models.JSONField(default=dict)
    items = models.JSONField(default=dict)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["policy", "version"], name="catalogue_version_once"),)


class Matter(models.Model):
    """A matter of the catalogue as it holds now (事项). `body` is the row as `rules.cases.matter_changes` reads it.

    It repeats its newest `MatterVersion`; a trigger lets it stand nowhere else. `route` is the version with which leads and limits last
    changed, `confirmed` whether that route has been confirmed, `auto` whether the system dispatches by it.
    """

    code = models.CharField(max_length=4, unique=True)
    name = models.CharField(max_length=100)
    position = models.PositiveIntegerField()
    type = models.CharField(max_length=30)
    body = models.JSONField()
    version = models.PositiveIntegerField(default=0)
    route = models.PositiveIntegerField(default=0)
    auto = models.BooleanField(default=False)
    confirmed = models.BooleanField(default=False)
    ended_on = models.DateField(null=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.CheckConstraint(condition=Q(auto=False) | Q(confirmed=True), name="matter_auto_is_confirmed"),
        )


class MatterOffer(models.Model):
    """What a version of the policy file says of a matter, where that is not what the version before said (方案文件的写法).

    `body` is None where the file lists the matter no longer. It is taken over at once or, where the bureau has edited the matter, waits
    for somebody to take or keep: the version that answers it says which. Append-only.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="offers")
    catalogue = models.ForeignKey(MatterCatalogue, on_delete=models.PROTECT, related_name="offers")
    body = models.JSONField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["matter", "catalogue"], name="matter_offer_once"),)


class MatterVersion(models.Model):
    """One version of a matter (事项的一版), whole; every change is a new one. Append-only.

    `made_as` is the post in which it was made, 系统 where the policy file was taken over. `offer` is the file's row it answers.
    """

    class Change(models.TextChoices):
        LOADED = "loaded", "从方案文件载入"
        ADDED = "added", "新增"
        EDITED = "edited", "修改"
        RETIRED = "retired", "停用"
        RESTORED = "restored", "恢复"
        AUTO_ON = "auto_on", "开启自动派遣"
        AUTO_OFF = "auto_off", "关闭自动派遣"
        TAKEN = "taken", "采用方案文件的写法"
        KEPT = "kept", "保留本县的写法"

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    route = models.PositiveIntegerField()
    change = models.CharField(max_length=10, choices=Change)
    body = models.JSONField()
    retired = models.BooleanField(default=False)
    auto = models.BooleanField(default=False)
    offer = models.OneToOneField(MatterOffer, on_delete=models.PROTECT, null=True, related_name="answer")
    reason = models.CharField(max_length=200, blank=True)
    cite = models.CharField(max_length=100, blank=True)
    user_id = models.BigIntegerField(null=True)
    made_as = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-version",)
        constraints = (
            models.UniqueConstraint(fields=["matter", "version"], name="matter_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1, route__gte=1), name="matter_version_counts"),
            models.CheckConstraint(condition=Q(route__lte=F("version")), name="matter_route_is_known"),
            models.CheckConstraint(condition=Q(auto=False) | Q(retired=False), name="matter_retired_sends_nothing"),
            models.CheckConstraint(
                condition=Q(user_id=None) | (~Q(reason="") & ~Q(cite="")), name="matter_version_has_a_reason"
            ),
        )


class MatterConfirmation(models.Model):
    """A named officer's word that a matter's route holds: its units, what goes before and its limit (确认路由). Append-only.

    `version` is the one that was read; it holds for every later one with the same `route`. `alone`: nobody else could have.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="confirmations")
    route = models.PositiveIntegerField()
    version = models.ForeignKey(MatterVersion, on_delete=models.PROTECT, related_name="confirmations")
    alone = models.BooleanField(default=False)
    reason = models.CharField(max_length=200)
    cite = models.CharField(max_length=100)
    user_id = models.BigIntegerField(null=True)
    made_as = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["matter", "route"], name="matter_route_confirmed_once"),)


class UnitCode(models.Model):
    """Which organisation a code of `units.toml` stands for: routing speaks in codes."""

    code = models.CharField(max_length=40, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="unit_codes")


class CaseCounter(models.Model):
    """The last running number given within a prefix and a year."""

    prefix = models.CharField(max_length=2)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["prefix", "year"], name="case_counter_once"),)


class Case(models.Model):
    """A problem that somebody must settle by a date (一件事). No personal data but what its `text` may hold.

    `kind`, `due_*`, `lead`, `level` and the like repeat the fold of the events for lists. `version` counts the events: whoever acts says
    which version he saw. `matter_version` is the matter as it read when the case was filed under it: its conditions and its
    limit stay with the case. `redacted_text` is what a respondent or the public reads; empty until somebody has looked. `lookup_digest` is
    the citizen's code under a key outside the database. `veiled`: something it was derived from is private or undisclosed.
    """

    number = models.CharField(max_length=16, unique=True)
    lookup_digest = models.CharField(max_length=64, blank=True)
    workflow = models.ForeignKey(WorkflowEdition, on_delete=models.PROTECT, related_name="cases")
    type = models.CharField(max_length=30)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="cases")
    matter_version = models.ForeignKey(MatterVersion, on_delete=models.PROTECT, related_name="cases")
    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="cases")
    spot = models.CharField(max_length=100, blank=True)
    text = models.TextField(blank=True)
    redacted_text = models.TextField(blank=True)
    circumstances = models.JSONField(default=list)
    source = models.CharField(max_length=20)
    mode = models.CharField(max_length=10)
    urgency = models.CharField(max_length=1)
    private = models.BooleanField(default=False)
    state = models.CharField(max_length=20)
    kind = models.CharField(max_length=8)
    version = models.PositiveIntegerField(default=0)
    master = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    derived_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="derived")
    lead = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="led_cases")
    due_at = models.DateTimeField(null=True)
    due_clock = models.CharField(max_length=20, blank=True)
    provisional = models.BooleanField(default=False)
    level = models.PositiveSmallIntegerField(default=0)
    joined = models.PositiveIntegerField(default=0)
    nudges = models.PositiveIntegerField(default=0)
    score = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=30, blank=True)
    closing = models.CharField(max_length=12, blank=True)
    released = models.BooleanField(default=False)
    undisclosed = models.BooleanField(default=False)
    veiled = models.BooleanField(default=False)
    filed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                F("due_at").asc(nulls_last=True), "id", condition=Q(kind__in=["open", "waiting"]), name="case_by_due"
            ),
            models.Index(
                fields=["type", "state", "urgency"], condition=Q(kind__in=["open", "waiting"]), name="case_open_by_type"
            ),
            models.Index(fields=["compound", "matter", "kind"], name="case_of_compound"),
            models.Index(fields=["state", "id"], name="case_by_state"),
            models.Index(fields=["-filed_at", "-id"], name="case_newest"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=_KINDS), name="case_kind"),
            models.CheckConstraint(condition=Q(urgency__in=["a", "b", "c"]), name="case_urgency"),
            models.CheckConstraint(condition=Q(mode__in=["named", "hidden", "anonymous"]), name="case_mode"),
            models.CheckConstraint(condition=Q(score__lte=5), name="case_score"),
            models.CheckConstraint(condition=Q(number__regex=r"^[A-Z]{2}-\d{4}-\d{6}-\d$"), name="case_number"),
            models.CheckConstraint(condition=Q(master=None) | ~Q(master=F("id")), name="case_not_its_own_master"),
            models.CheckConstraint(condition=Q(released=False) | Q(undisclosed=False), name="case_released_if_wished"),
        )


class CaseEvent(models.Model):
    """One act that was done (办理记录). `body` is canonical JSON of `rules.cases.facts.Event`, sealed behind the case's last event.

    `digest` = sha256(`previous` || `body`), as in the audit trail, one chain a case. Append-only. `state` is where the case stood
    afterwards. `key` makes a repeated submission one act.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    transition = models.CharField(max_length=30)
    role = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    made_as = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=64, null=True, unique=True)
    body = models.TextField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("seq",)
        constraints = (models.UniqueConstraint(fields=["case", "seq"], name="case_event_once"),)
        indexes = (models.Index(fields=["transition", "at"], name="case_event_by_act"),)


class CaseNote(models.Model):
    """What was written with an act, by the code of its evidence. The event seals its digest; at the end of its time it is erased."""

    event = models.OneToOneField(CaseEvent, on_delete=models.PROTECT, related_name="note")
    texts = models.JSONField()
    erased_at = models.DateTimeField(null=True)


class RatingReason(models.Model):
    """Why a rating was what it was, one tap each, after it (评价原因). `event` is the rating; nothing says who tapped. Append-only."""

    event = models.ForeignKey(CaseEvent, on_delete=models.PROTECT, related_name="reasons")
    code = models.CharField(max_length=40)
    given_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["event", "code"], name="rating_reason_once"),)


class CaseTask(models.Model):
    """One unit's order (工单): 主办, 协办, 劝阻, 核查, 裁定. `position` is its place in the case's facts."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="case_tasks")
    state = models.CharField(max_length=12)
    binding = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("position",)
        indexes = (models.Index(fields=["unit", "state", "case"], name="case_task_of_unit"),)
        constraints = (
            models.UniqueConstraint(fields=["case", "position"], name="case_task_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(kind="lead", state="open"), name="case_one_open_lead"),
            models.CheckConstraint(
                condition=Q(kind__in=["lead", "helpers", "dissuade", "verify", "ruling"]), name="case_task_kind"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "done", "returned", "reassigned", "cancelled"]), name="case_task_state"
            ),
            models.CheckConstraint(condition=~Q(kind="lead") | Q(unit__isnull=False), name="case_lead_is_a_unit"),
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None) | (~Q(state="open") & Q(settled_at__isnull=False)),
                name="case_task_settled",
            ),
        )


class CaseClock(models.Model):
    """A period of a case, as its facts say. `provisional`: it was counted in a year that nobody has confirmed (暂估).

    `level`: of oversight, ordered while it ran. `half_told`: those at work were told that half of its time is used.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20)
    amount = models.CharField(max_length=12)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8)
    paused_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)
    level = models.PositiveSmallIntegerField(default=0)
    half_told = models.BooleanField(default=False)

    class Meta:
        ordering = ("position",)
        indexes = (models.Index(fields=["code", "due_at"], condition=Q(state="running"), name="case_clock_running"),)
        constraints = (
            models.UniqueConstraint(fields=["case", "position"], name="case_clock_once"),
            models.CheckConstraint(condition=Q(state__in=["running", "paused", "stopped"]), name="case_clock_state"),
            models.CheckConstraint(
                condition=Q(state="stopped", stopped_at__isnull=False) | (~Q(state="stopped") & Q(stopped_at=None)),
                name="case_clock_stopped",
            ),
        )


class LateNaming(models.Model):
    """Whether the public ledger says of a unit that it ended a matter late (公开超期): the county's decision, with its approval document.

    The newest holds; where there is none, nothing is said. Append-only.
    """

    number = models.PositiveIntegerField(unique=True)
    on = models.BooleanField()
    document = models.CharField(max_length=100)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_as = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-number",)
        constraints = (models.CheckConstraint(condition=~Q(document=""), name="late_naming_has_a_document"),)


class CaseParty(models.Model):
    """Who a case is of or about: the reporter (反映人), one who met it too (我也遇到了), the respondent (被反映方).

    `name` and `phone` are personal: they are read through `queries.parties` alone, which asks `rules.cases.identity`. A respondent or a
    reporting body is an organisation. `addressed_at`: since when a respondent sees the case. `once` keeps a household or a device
    from joining twice.
    """

    class Role(models.TextChoices):
        REPORTER = "reporter", "反映人"
        JOINED = "joined", "我也遇到了"
        RESPONDENT = "respondent", "被反映方"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(max_length=10, choices=Role)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="case_parties")
    user_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=50, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    once = models.CharField(max_length=64, null=True)
    addressed_at = models.DateTimeField(null=True)
    added_at = models.DateTimeField()
    anonymised_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(role__in=["reporter", "joined", "respondent"]), name="case_party_role"),
            models.UniqueConstraint(fields=["case"], condition=Q(role="reporter"), name="case_one_reporter"),
            models.UniqueConstraint(fields=["case", "once"], condition=Q(role="joined"), name="case_joined_once"),
            models.UniqueConstraint(
                fields=["case", "organisation"], condition=Q(role="respondent"), name="case_respondent_once"
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at=None) | Q(name="", phone=""), name="case_party_anonymised"
            ),
        )


class CaseFile(models.Model):
    """A photo or paper of a case: before, after, scene or document. `shared_at`: somebody looked and lets the respondent see it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="files")
    event = models.ForeignKey(CaseEvent, on_delete=models.PROTECT, related_name="files")
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="case_file")
    kind = models.CharField(max_length=8)
    evidence = models.CharField(max_length=30)
    shared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=["before", "after", "scene", "document"]), name="case_file_kind"
            ),
        )


class CaseRequest(models.Model):
    """延期 or 挂账 asked by one person and decided by another: the database refuses the same person twice."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=10)
    until = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="case_requests")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="case_grants"
    )
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case"], condition=Q(decision=""), name="case_one_open_request"),
            models.CheckConstraint(condition=Q(kind__in=["extension", "suspension"]), name="case_request_kind"),
            models.CheckConstraint(
                condition=Q(decision__in=["", "granted", "refused", "lapsed"]), name="case_request_decision"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="case_asker_grants_not"
            ),
        )
