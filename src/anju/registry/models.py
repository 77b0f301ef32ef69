"""What is known about compounds and how: every value has a source, a day, a recorder and, once somebody stood up for it, a confirmer.

A `Statement` is one source's telling about one compound on one day: a row of a list, a form filled in. Its `Fact` rows are the values.
Both are only ever added. A `Withdrawal` takes a statement back whole, a `Decision` settles what holds; `Cell` is what follows from all
of them, worked out anew by `services.cells` and never written by anyone else.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from anju.places.models import Compound, Division, Organisation

MAX_TEXT = 500
_SOURCE_KINDS = ("filing", "department", "survey", "town", "company", "committee", "public", "website", "other")


class Indicator(models.Model):
    """One thing the one table asks of a compound, from `indicators.toml`. `tolerance` in thousandths.

    `answers` are codes of the policy's units. `owner`: the app that owns the object behind it (a contract, a committee); its column is
    derived then, and what people or lists say stands beside it as a claim. Empty: the facts here are all there is.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    type = models.CharField(max_length=20)
    unit = models.CharField(max_length=20, blank=True)
    group = models.CharField(max_length=30)
    position = models.PositiveSmallIntegerField()
    tolerance = models.PositiveSmallIntegerField()
    stale_days = models.PositiveIntegerField()
    public = models.BooleanField(default=False)
    answers = models.JSONField(default=list)
    owner = models.CharField(max_length=20, blank=True)
    cite = models.CharField(max_length=50)
    valid_from = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        ordering = ("position",)


class Source(models.Model):
    """Who says so: a filing, a survey, a company's list, a site. A lower `rank` is believed first where nobody has decided."""

    class Kind(models.TextChoices):
        FILING = "filing", "登记备案"
        DEPARTMENT = "department", "部门资料"
        SURVEY = "survey", "摸底排查"
        TOWN = "town", "乡镇社区上报"
        COMPANY = "company", "企业填报"
        COMMITTEE = "committee", "业委会填报"
        PUBLIC = "public", "公众纠错"
        WEBSITE = "website", "网站名录"
        OTHER = "other", "其他"

    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    rank = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("rank", "name")
        constraints = (models.CheckConstraint(condition=Q(kind__in=_SOURCE_KINDS), name="source_kind"),)


class ListImport(models.Model):
    """One list brought in: the file by its digest, who brought it, and what became of its rows.

    `rows` = `accepted` + `doubtful` + `rejected`; `unchanged` and `conflicts` count rows among them. `default_division` is where a row
    belongs that does not say so itself. `header`: where the heading is and what each column is taken for. `done` rows of `rows` have
    been read. `plan`: digest of what the preview shows, while a worker reads, treats or undoes it a mark of that order; `stamp`: digest of
    the database it was made against. `failure`: a code of `BadSheet`. `left`: the lines that undoing left, each with why.
    """

    class State(models.TextChoices):
        READING = "reading", "正在核对"
        PREVIEWED = "previewed", "待写入"
        TREATING = "treating", "正在处理存疑"
        WRITING = "writing", "正在写入"
        WRITTEN = "written", "已写入"
        UNDOING = "undoing", "正在撤回"
        UNDONE = "undone", "已撤回"
        ABANDONED = "abandoned", "已放弃"
        FAILED = "failed", "未能读取"

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="imports")
    default_division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="imports")
    observed_on = models.DateField()
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State)
    rows = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    doubtful = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    conflicts = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    linked = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    sheet = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=20, choices=Compound.Kind, default=Compound.Kind.UNKNOWN)
    anywhere = models.BooleanField(default=False)
    header = models.JSONField(default=dict)
    plan = models.CharField(max_length=64, blank=True)
    stamp = models.CharField(max_length=64, blank=True)
    failure = models.CharField(max_length=40, blank=True)
    failure_line = models.PositiveIntegerField(null=True)
    left = models.JSONField(default=list)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="imports"
    )
    started_post = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(rows=F("accepted") + F("doubtful") + F("rejected")), name="list_import_rows_add_up"
            ),
        )


class Statement(models.Model):
    """One source's telling about one compound, true of `observed_on`. Only ever added; see `Withdrawal`."""

    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="statements")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="statements")
    observed_on = models.DateField()
    recorder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="statements"
    )
    recorder_post = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()
    list_import = models.ForeignKey(ListImport, on_delete=models.PROTECT, null=True, related_name="statements")
    line = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=MAX_TEXT, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["list_import", "line"], condition=Q(list_import__isnull=False), name="statement_line_once"
            ),
            models.CheckConstraint(
                condition=Q(list_import__isnull=True, line__isnull=True)
                | Q(list_import__isnull=False, line__isnull=False),
                name="statement_line_of_a_list",
            ),
        )


class Value(models.Model):
    """The columns in which a value of `rules.lists.readings` is kept; see `rules.lists.stored`. Figures are integers."""

    low = models.BigIntegerField(null=True)
    high = models.BigIntegerField(null=True)
    text = models.CharField(max_length=MAX_TEXT, blank=True)
    form = models.CharField(max_length=16, blank=True)
    approximate = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Fact(Value):
    """One value of a statement. `raw` is how the source wrote it, `note` what else its cell said."""

    id = models.BigAutoField(primary_key=True)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="facts")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="facts", db_index=False)
    raw = models.CharField(max_length=1000, blank=True)
    note = models.CharField(max_length=MAX_TEXT, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["statement", "indicator"], name="fact_once_in_a_statement"),)


class Withdrawal(models.Model):
    """A statement taken back whole: an import undone, a slip mended by whoever made it. Only ever added."""

    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="withdrawal")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="withdrawals")
    by_post = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    reason = models.CharField(max_length=MAX_TEXT)


class Decision(models.Model):
    """Somebody stands up for one fact: confirms it, or takes it before others. `seen_to` is the last fact they had before them.

    What other sources had said by then is set aside; what they say later counts again. `group` ties decisions made in one act.
    """

    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="decisions")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="decisions")
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="decisions")
    seen_to = models.BigIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="fact_decisions")
    by_post = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    reason = models.CharField(max_length=MAX_TEXT)
    group = models.UUIDField(null=True)
    alone = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["compound", "indicator", "-id"], name="decision_of_a_cell"),)


class Cell(Value):
    """What holds for one compound and one indicator today: the value, whose it is, how sure. Worked out, never entered.

    No row: nobody has said anything. `sources` still speak for something; `conflict`: two of them beyond tolerance and nobody has decided.
    `stale_on`: from that day the value counts as old. `derived`: it comes from the app that owns the object, not from a fact.
    """

    id = models.BigAutoField(primary_key=True)
    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="cells", db_index=False)
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="cells", db_index=False)
    fact = models.ForeignKey(
        Fact, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    observed_on = models.DateField(null=True)
    stale_on = models.DateField(null=True)
    sources = models.PositiveSmallIntegerField(default=1)
    conflict = models.BooleanField(default=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    confirmed_at = models.DateTimeField(null=True)
    derived = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["compound", "indicator"], name="cell_once"),
            models.CheckConstraint(condition=Q(derived=True) | Q(fact__isnull=False), name="cell_from_somewhere"),
        )
        indexes = (
            models.Index(fields=["indicator", "low", "compound"], name="cell_by_figure"),
            models.Index(fields=["indicator", "form", "compound"], name="cell_by_form"),
            models.Index(fields=["indicator", "stale_on", "compound"], name="cell_by_age"),
            models.Index(fields=["indicator", "compound"], condition=Q(conflict=True), name="cell_in_conflict"),
        )


class ImportFile(models.Model):
    """The file of an import as it came, so that columns can be corrected and the source shown again."""

    list_import = models.OneToOneField(ListImport, on_delete=models.PROTECT, primary_key=True, related_name="file")
    content = models.BinaryField()


class ImportRow(models.Model):
    """One row of a list as it was understood: what will be, or was, done with it.

    `cells`: one `[code, raw, low, high, text, form, approximate, note]` for each value to be written. `doubts`: one
    `[column, value, reason, told, rejects, held]` for each doubt; `held` are the cells that wait for a person because of it. `told`: what
    else the row says and what writing it must remember; in it `met`: the compound it was recognised as, in which division, under which
    name that a person gave, by which post. `choice`: what a person chose about each doubt of the row, each of its cells, and its name.
    """

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", "将写入"
        DOUBTFUL = "doubtful", "存疑"
        REJECTED = "rejected", "拒绝"

    class Act(models.TextChoices):
        CREATE = "create", "新登记"
        LINK = "link", "对上已有小区"
        SKIP = "skip", "跳过"

    id = models.BigAutoField(primary_key=True)
    list_import = models.ForeignKey(ListImport, on_delete=models.PROTECT, related_name="import_rows", db_index=False)
    line = models.PositiveIntegerField()
    name = models.CharField(max_length=200, blank=True)
    verdict = models.CharField(max_length=8, choices=Verdict)
    act = models.CharField(max_length=6, choices=Act)
    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, null=True, related_name="import_rows")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, related_name="import_rows")
    unchanged = models.BooleanField(default=False)
    conflict = models.BooleanField(default=False)
    cells = models.JSONField(default=list)
    doubts = models.JSONField(default=list)
    told = models.JSONField(default=dict)
    choice = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["list_import", "line"], name="import_row_line_once"),)


class RowLink(models.Model):
    """Which compound a source means by a name in a place: what an import settled once is not asked again.

    `key`: the row's name and place as `rules.lists.matching` writes them.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="row_links")
    key = models.CharField(max_length=300)
    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="row_links")
    linked_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "key"], name="row_link_once"),)


class HeadingMemory(models.Model):
    """What somebody said a heading means, as `rules.lists.headers.heading_key` writes it. Empty `code`: not imported."""

    key = models.CharField(max_length=200, unique=True)
    code = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="heading_memories"
    )
    at = models.DateTimeField()


class CompanyName(models.Model):
    """A company as lists name it, and which organisation that is: said by a person, never concluded from the name alone."""

    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="company_names")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="company_names"
    )
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name",)


class ServiceTerm(models.Model):
    """Which company serves a compound from when to when, and by which project manager. One open term a compound.

    `known_on`: the day of the telling from which the term follows; `starts_on` only where a source says it.
    """

    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="service_terms")
    company = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="service_terms")
    manager = models.CharField(max_length=100, blank=True)
    starts_on = models.DateField(null=True)
    known_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        ordering = ("-known_on", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["compound"], condition=Q(ends_on__isnull=True), name="service_term_open_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="service_term_dates",
            ),
        )


class ManagementArea(models.Model):
    """One version of a compound's management area (物业管理区域), whole; a change is a new version. Append-only, and not public.

    The newest version is in force; one with `ended_on` says that there is none any more and has no boundary. `geometry`: a GeoJSON
    MultiPolygon in CGCS2000, its box in ten-millionths of a degree, `size` in 0.01 m2. `system`: in which it was told.
    """

    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="areas", db_index=False)
    version = models.PositiveSmallIntegerField()
    geometry = models.JSONField(null=True)
    west = models.BigIntegerField(null=True)
    south = models.BigIntegerField(null=True)
    east = models.BigIntegerField(null=True)
    north = models.BigIntegerField(null=True)
    size = models.BigIntegerField(null=True)
    system = models.CharField(max_length=10, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="areas")
    filed_on = models.DateField(null=True)
    observed_on = models.DateField()
    ended_on = models.DateField(null=True)
    reason = models.CharField(max_length=MAX_TEXT, blank=True)
    recorder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="areas")
    recorder_post = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("compound", "-version")
        constraints = (
            models.UniqueConstraint(fields=["compound", "version"], name="management_area_version"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=False, geometry__isnull=True, west__isnull=True, size__isnull=True)
                | Q(
                    ended_on__isnull=True, geometry__isnull=False, west__lt=F("east"), south__lt=F("north"), size__gt=0
                ),
                name="management_area_whole",
            ),
        )
        indexes = (models.Index(fields=["west", "east"], name="management_area_place"),)
