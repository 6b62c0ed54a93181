"""Addresses of the learner's screens, under /c/<centre>/my/."""

from django.urls import path

from web.learner import views

app_name = "learner"
urlpatterns = [
    path("", views.today, name="today"),
    path("units/", views.units, name="units"),
    path("view/", views.keep_view, name="view"),
    path("units/<str:unit>/", views.unit, name="unit"),
    path("units/<str:unit>/confirm/", views.confirm, name="confirm"),
    path("induction/", views.induction, name="induction"),
    path("next/", views.next_steps, name="next"),
    path("record/", views.record, name="record"),
    path("moved/<str:registration>/", views.moved, name="moved"),
    path("evidence/", views.portfolio, name="portfolio"),
    path("evidence/add/", views.add, name="add"),
    path("evidence/<str:evidence>/", views.evidence, name="evidence"),
    path("evidence/<str:evidence>/autosave/", views.autosave, name="autosave"),
    path("evidence/<str:evidence>/files/<str:file>/remove/", views.remove_file, name="remove_file"),
    path("evidence/<str:evidence>/shows/", views.shows, name="shows"),
    path("evidence/<str:evidence>/send/", views.send, name="send"),
    path("evidence/<str:evidence>/recall/", views.recall, name="recall"),
    path("evidence/<str:evidence>/revise/", views.revise, name="revise"),
    path("evidence/<str:evidence>/withdraw/", views.withdraw, name="withdraw"),
    path("feedback/", views.feedback, name="feedback"),
    path("feedback/<str:evidence>/", views.feedback_item, name="feedback_item"),
    path("feedback/<str:evidence>/read/", views.feedback_read, name="feedback_read"),
    path("feedback/<str:evidence>/reply/", views.reply, name="reply"),
]
