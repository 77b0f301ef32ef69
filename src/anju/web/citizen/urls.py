"""What a citizen does without an account. Filing hangs under the compound's public code, a case under the link its citizen holds."""

from django.urls import path

from anju.web.citizen import views_report, views_rounds, views_status

app_name = "citizen"
urlpatterns = [
    path("case/", views_status.look, name="look"),
    path("s/<slug:token>/", views_status.short, name="short"),
    path("case/<slug:token>/", views_status.case, name="case"),
    path("<code:code>/report/", views_report.begin, name="report"),
    path("<code:code>/report/check/", views_report.check, name="check"),
    path("<code:code>/report/photo/", views_report.photo, name="photo"),
    path("<code:code>/ask/<id:pk>/", views_rounds.ask, name="ask"),
]
