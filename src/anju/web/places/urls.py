from django.urls import path

from anju.web.places import (
    views_compound_changes,
    views_compounds,
    views_divisions,
    views_organisation_changes,
    views_organisations,
    views_policy,
)

app_name = "places"
urlpatterns = [
    path("policy/", views_policy.policy, name="policy"),
    path("policy/pdf/", views_policy.policy_pdf, name="policy_pdf"),
    path("divisions/", views_divisions.divisions, name="divisions"),
    path("divisions/<id:pk>/", views_divisions.division, name="division"),
    path("divisions/<id:pk>/new/", views_divisions.division_new, name="division_new"),
    path("divisions/<id:pk>/rename/", views_divisions.division_rename, name="division_rename"),
    path("divisions/<id:pk>/merge/", views_divisions.division_merge, name="division_merge"),
    path("divisions/<id:pk>/end/", views_divisions.division_end, name="division_end"),
    path("organisations/", views_organisations.organisations, name="organisations"),
    path("organisations/new/", views_organisations.organisation_new, name="organisation_new"),
    path("organisations/<id:pk>/", views_organisations.organisation, name="organisation"),
    path("organisations/<id:pk>/edit/", views_organisation_changes.organisation_edit, name="organisation_edit"),
    path("organisations/<id:pk>/rename/", views_organisation_changes.organisation_rename, name="organisation_rename"),
    path(
        "organisations/<id:pk>/aliases/", views_organisation_changes.organisation_aliases, name="organisation_aliases"
    ),
    path(
        "organisations/<id:pk>/aliases/remove/",
        views_organisation_changes.organisation_alias_remove,
        name="organisation_alias_remove",
    ),
    path("organisations/<id:pk>/merge/", views_organisation_changes.organisation_merge, name="organisation_merge"),
    path("organisations/<id:pk>/end/", views_organisation_changes.organisation_end, name="organisation_end"),
    path("compounds/", views_compounds.compounds, name="compounds"),
    path("compounds/new/", views_compounds.compound_new, name="compound_new"),
    path("compounds/place/", views_compound_changes.compounds_place, name="compounds_place"),
    path("compounds/<id:pk>/", views_compounds.compound, name="compound"),
    path("compounds/<id:pk>/edit/", views_compound_changes.compound_edit, name="compound_edit"),
    path("compounds/<id:pk>/rename/", views_compound_changes.compound_rename, name="compound_rename"),
    path("compounds/<id:pk>/aliases/", views_compound_changes.compound_aliases, name="compound_aliases"),
    path(
        "compounds/<id:pk>/aliases/remove/", views_compound_changes.compound_alias_remove, name="compound_alias_remove"
    ),
    path("compounds/<id:pk>/merge/", views_compound_changes.compound_merge, name="compound_merge"),
    path("compounds/<id:pk>/end/", views_compound_changes.compound_end, name="compound_end"),
]
