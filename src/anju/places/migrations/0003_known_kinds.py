from django.db import migrations, models

ORGANISATION_KINDS = (
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
COMPOUND_KINDS = ("building", "commercial", "public_housing", "old", "unit_housing", "urban_village", "unknown")
SERVICE_STATES = ("company", "owners", "community", "unit", "unmanaged", "unknown")


def known(model: str, field: str, codes: tuple[str, ...]) -> migrations.AddConstraint:
    condition = models.Q((f"{field}__in", codes))
    name = f"{model}_{field}"
    return migrations.AddConstraint(model, models.CheckConstraint(condition=condition, name=name))


class Migration(migrations.Migration):
    dependencies = [("places", "0002_division_names_in_force")]

    operations = [
        known("organisation", "kind", ORGANISATION_KINDS),
        known("compound", "kind", COMPOUND_KINDS),
        known("compound", "service_state", SERVICE_STATES),
    ]
