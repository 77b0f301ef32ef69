"""The map and the bodies: divisions, organisations, compounds (identity only), and the county's policy document as rows."""

from django.db import models
from django.db.models import F, Q

OPEN = Q(ended_on__isnull=True)
# The codes of the choices below, for the constraints that hold the database to them.
_ORGANISATION_KINDS = (
    "bureau",
    "department",
    "government",
    "town",
    "community",
    "party",
    "mass",
    "court",
    "company",
    "committee",
    "developer",
    "supervising_unit",
    "other",
)
_COMPOUND_KINDS = ("building", "commercial", "public_housing", "old", "unit_housing", "urban_village", "unknown")
_SERVICE_STATES = ("company", "owners", "community", "unit", "unmanaged", "unknown")


class Division(models.Model):
    """An administrative division: county, town (乡镇), community (社区 or 村). A 村委会 can play the community.

    `code` follows GB/T 2260 (6 digits) and the statistical 9- and 12-digit codes below it; it is unique among divisions in force.
    `path` is the ids from the county down to this row, each followed by "/": the scope of a post is a prefix of it.
    """

    class Level(models.TextChoices):
        COUNTY = "county", "县"
        TOWN = "town", "乡镇"
        COMMUNITY = "community", "社区（村）"

    code = models.CharField(max_length=12)
    name = models.CharField(max_length=100)
    level = models.CharField(max_length=10, choices=Level)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=100, db_index=True)
    pinyin = models.CharField(max_length=400)
    valid_from = models.DateField()
    ended_on = models.DateField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    awaiting = models.BooleanField(default=False)  # 待定乡镇: holds compounds whose town is not known yet

    class Meta:
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(fields=["code"], condition=OPEN, name="division_code_in_force"),
            models.UniqueConstraint(fields=["parent", "name"], condition=OPEN, name="division_name_in_force"),
            models.CheckConstraint(
                condition=Q(level__in=["county", "town", "community"]),
                name="division_level",
            ),
            models.CheckConstraint(
                condition=Q(level="county", parent__isnull=True) | (~Q(level="county") & Q(parent__isnull=False)),
                name="division_parent",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("valid_from")),
                name="division_dates",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(ended_on__isnull=False),
                name="division_merged_ended",
            ),
        )


class DivisionName(models.Model):
    """A name a division bore before, with the day it stopped."""

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=100)
    until = models.DateField()


class Organisation(models.Model):
    """A body that can hold a duty: bureau, department, town, community, company, committee, party or mass organisation ..."""

    class Kind(models.TextChoices):
        BUREAU = "bureau", "住建部门"
        DEPARTMENT = "department", "职能部门"
        GOVERNMENT = "government", "县政府办"
        TOWN = "town", "乡镇人民政府"
        COMMUNITY = "community", "社区居委会、村委会"
        PARTY = "party", "党委部门"
        MASS = "mass", "群团和机关工委"
        COURT = "court", "人民法院"
        COMPANY = "company", "物业服务企业"
        COMMITTEE = "committee", "业委会、物管会"
        DEVELOPER = "developer", "开发企业"
        SUPERVISING_UNIT = "supervising_unit", "主管单位"
        OTHER = "other", "其他"

    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=Kind)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="organisations")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    credit_code = models.CharField(max_length=18, blank=True)
    pinyin = models.CharField(max_length=400)
    valid_from = models.DateField()
    ended_on = models.DateField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")

    class Meta:
        ordering = ("pinyin", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["division", "name"],
                condition=OPEN,
                name="organisation_name_in_force",
            ),
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=OPEN & ~Q(credit_code=""),
                name="organisation_credit_code",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("valid_from")),
                name="organisation_dates",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(ended_on__isnull=False),
                name="organisation_merged_ended",
            ),
            models.CheckConstraint(condition=Q(kind__in=_ORGANISATION_KINDS), name="organisation_kind"),
        )


class AliasKind(models.TextChoices):
    ALIAS = "alias", "别名"
    FORMER = "former", "曾用名"


class OrganisationAlias(models.Model):
    """Another name of an organisation: as a document spells it, or as it was called before."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="aliases")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=AliasKind, default=AliasKind.ALIAS)
    until = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organisation", "name", "kind"], name="organisation_alias_once"),
        )


class Compound(models.Model):
    """A residential compound: the row of the county's one table. Identity only; facts about it belong to the registry."""

    class Kind(models.TextChoices):
        BUILDING = "building", "在建小区"
        COMMERCIAL = "commercial", "商品住宅"
        PUBLIC_HOUSING = "public_housing", "保障房"
        OLD = "old", "老旧小区"
        UNIT_HOUSING = "unit_housing", "有主管单位居民楼"
        URBAN_VILLAGE = "urban_village", "城中村、背街小巷片区"
        UNKNOWN = "unknown", "待核实"

    class ServiceState(models.TextChoices):
        COMPANY = "company", "物业服务"
        OWNERS = "owners", "业主自管"
        COMMUNITY = "community", "社区托管"
        UNIT = "unit", "单位自管"
        UNMANAGED = "unmanaged", "失管"
        UNKNOWN = "unknown", "待核实"

    name = models.CharField(max_length=100)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="compounds")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.UNKNOWN)
    service_state = models.CharField(max_length=20, choices=ServiceState, default=ServiceState.UNKNOWN)
    supervising_unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="supervised")
    pinyin = models.CharField(max_length=400)
    initials = models.CharField(max_length=100, db_index=True)
    valid_from = models.DateField()
    ended_on = models.DateField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")

    class Meta:
        ordering = ("pinyin", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["division", "name"],
                condition=OPEN,
                name="compound_name_in_force",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("valid_from")),
                name="compound_dates",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(ended_on__isnull=False),
                name="compound_merged_ended",
            ),
            models.CheckConstraint(condition=Q(kind__in=_COMPOUND_KINDS), name="compound_kind"),
            models.CheckConstraint(condition=Q(service_state__in=_SERVICE_STATES), name="compound_service_state"),
        )


class CompoundAlias(models.Model):
    """Another name of a compound: as people or lists call it, or as it was called before."""

    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="aliases")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=AliasKind, default=AliasKind.ALIAS)
    until = models.DateField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["compound", "name", "kind"], name="compound_alias_once"),)


class PolicyEdition(models.Model):
    """One version of the county's policy document, loaded whole from `policy/<code>/`. A newer version is a new row."""

    code = models.CharField(max_length=50)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=50)
    issuer = models.CharField(max_length=100)
    issued_on = models.DateField()
    in_force_from = models.DateField()
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["code", "version"], name="policy_version_once"),)


class PolicyItem(models.Model):
    """One numbered item (工作任务) or requirement (工作要求) of an edition, with its text and citation."""

    edition = models.ForeignKey(PolicyEdition, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=10)
    position = models.PositiveIntegerField()
    heading = models.CharField(max_length=100)
    cite = models.CharField(max_length=50)
    text = models.TextField()
    units_text = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["edition", "code"], name="policy_item_once"),)


class Responsibility(models.Model):
    """One organisation named as responsible for one item. `position` keeps the document's order; it says nothing of a lead."""

    item = models.ForeignKey(PolicyItem, on_delete=models.PROTECT, related_name="responsibilities")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="responsibilities")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["item", "organisation"], name="responsibility_once"),)


class OrganisationPhone(models.Model):
    """The number under which an office takes reports (投诉受理电话), as the boards print it. A new one ends the old: nothing is lost."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="phones")
    phone = models.CharField(max_length=20)
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(ended_at__isnull=True), name="organisation_phone_in_force"
            ),
            models.CheckConstraint(condition=~Q(phone=""), name="organisation_phone_said"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("set_at")), name="organisation_phone_dates"
            ),
        )
