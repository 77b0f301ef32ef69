from django.urls import path

from anju.web.people import views_own, views_people, views_posts, views_proposals, views_staff

app_name = "people"
urlpatterns = [
    path("", views_people.people, name="people"),
    path("new/", views_people.create, name="create"),
    path("staff/", views_staff.staff, name="staff"),
    path("staff/template/", views_staff.staff_template, name="staff_template"),
    path("<id:pk>/", views_people.person, name="person"),
    path("<id:pk>/edit/", views_people.edit, name="edit"),
    path("<id:pk>/disable/", views_people.disable, name="disable"),
    path("<id:pk>/enable/", views_people.enable, name="enable"),
    path("<id:pk>/phone/", views_people.phone, name="phone"),
    path("<id:pk>/reset/", views_people.reset, name="reset"),
    path("<id:pk>/take-back/", views_people.take_back, name="take_back"),
    path("posts/", views_posts.posts, name="posts"),
    path("posts/appoint/", views_posts.appoint, name="appoint"),
    path("posts/check/", views_posts.separation, name="separation"),
    path("posts/<id:pk>/end/", views_posts.end, name="end"),
    path("posts/<id:pk>/hand-over/", views_posts.hand_over, name="hand_over"),
    path("posts/<id:pk>/hand-over/sheet/", views_posts.handover_sheet, name="handover_sheet"),
    path("posts/<id:pk>/delegate/", views_own.delegate, name="delegate"),
    path("posts/<id:pk>/recall/", views_own.recall, name="recall"),
    path("mine/", views_own.mine, name="mine"),
    path("posts/recusals/", views_own.recusals, name="recusals"),
    path("posts/recusals/new/", views_own.recuse, name="recuse"),
    path("posts/recusals/new-for-other/", views_own.recuse_other, name="recuse_other"),
    path("posts/recusals/<id:pk>/end/", views_own.end_recusing, name="end_recusing"),
    path("proposals/", views_proposals.proposals, name="proposals"),
    path("proposals/<id:pk>/", views_proposals.proposal, name="proposal"),
    path("proposals/<id:pk>/agree/", views_proposals.agree, name="agree"),
    path("proposals/<id:pk>/send-back/", views_proposals.send_back, name="send_back"),
    path("proposals/<id:pk>/alone/", views_proposals.alone, name="alone"),
    path("proposals/<id:pk>/take-back/", views_proposals.take_back, name="take_back_proposal"),
]
