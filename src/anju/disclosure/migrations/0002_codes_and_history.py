"""A card for each compound, from the moment it is registered; releases and corrections as history that only grows."""

from django.db import migrations

from anju.base.append_only import append_only

_TABLES = (
    "card", "releaseproposal", "releaseverdict", "release", "revocation", "correction", "correctionreply",
)  # fmt: skip
# Ten signs of `rules.disclosure.CODE_SIGNS`, each from five random bits; bytes 6 and 8 of a random UUID are not all random.
_CARDS = """
create function disclosure_new_code() returns text language sql volatile as $$
  select string_agg(substr('0123456789abcdefghjkmnpqrstvwxyz', 1 + (get_byte(drawn.bytes, place) & 31), 1), '')
  from (select uuid_send(gen_random_uuid()) as bytes offset 0) drawn, unnest(array[0, 1, 2, 3, 4, 5, 7, 9, 10, 11]) place
$$;
create function disclosure_make_card() returns trigger language plpgsql as $$
begin
  insert into disclosure_card (compound_id, code) values (new.id, disclosure_new_code());
  return null;
end $$;
create trigger disclosure_card after insert on places_compound for each row execute function disclosure_make_card();
insert into disclosure_card (compound_id, code) select id, disclosure_new_code() from places_compound;
"""
_NO_CARDS = """
drop trigger disclosure_card on places_compound;
drop function disclosure_make_card();
drop function disclosure_new_code();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0001_releases_and_corrections"),
        ("base", "0002_append_only"),
        ("places", "0003_known_kinds"),
    ]
    operations = [
        migrations.RunSQL(_CARDS, reverse_sql=_NO_CARDS),
        *(append_only(f"disclosure_{name}") for name in _TABLES),
    ]
