from django.urls import path

from anju.web.calendar import views, views_changes

app_name = "calendar"
urlpatterns = [
    path("", views.year, name="year"),
    path("begin/", views_changes.begin, name="begin"),
    path("confirm/", views_changes.confirm, name="confirm"),
    path("days/", views_changes.days, name="days"),
    path("describe/", views_changes.describe, name="describe"),
    path("hours/", views_changes.hours, name="hours"),
    path("notice/", views_changes.notice, name="notice"),
    path("load/", views_changes.load, name="load"),
]
