"""What citizens open without signing in. The addresses are short: they stand on posters."""

from django.urls import path

from anju.web.disclosure import views_public

app_name = "card"
urlpatterns = [
    path("", views_public.find, name="find"),
    path("reply/", views_public.look_up, name="look_up"),
    path("reply/<code:code>/", views_public.reply, name="reply"),
    path("<code:code>/", views_public.card, name="card"),
    path("<code:code>/fix/", views_public.fix, name="fix"),
]
