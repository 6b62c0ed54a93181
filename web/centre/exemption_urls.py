"""Certificates that stand for units, for the second person and for quality assurers: /c/<centre>/exemptions/."""

from django.urls import path

from web.centre.views import exempting

app_name = "exemptions"
urlpatterns = [
    path("", exempting.exemptions, name="list"),
    path("<str:exemption>/", exempting.exemption, name="item"),
]
