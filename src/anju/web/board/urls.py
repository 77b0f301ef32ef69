from django.urls import path

from anju.web.board import views

app_name = "board"
urlpatterns = [
    path("phones/", views.phones, name="phones"),
    path("phones/<id:pk>/", views.phone, name="phone"),
    path("<id:pk>/", views.board, name="board"),
    path("<id:pk>/pdf/", views.board_file, name="board_pdf"),
]
