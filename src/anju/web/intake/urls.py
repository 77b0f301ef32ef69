from django.urls import path

from anju.web.intake import views_hotline, views_intake

app_name = "intake"
urlpatterns = [
    path("", views_intake.enter, name="enter"),
    path("hotline/", views_hotline.sheets, name="hotline"),
    path("hotline/<id:pk>/", views_hotline.sheet, name="sheet"),
    path("hotline/<id:pk>/replies/", views_hotline.replies, name="replies"),
]
