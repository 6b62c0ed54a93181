"""Addresses outside any centre, and the front door of one."""

from django.urls import path

from web.shared import views

app_name = "shared"
urlpatterns = [
    path("", views.front_door, name="front_door"),
    path("c/<str:centre>/", views.centre_home, name="centre_home"),
    path("healthz", views.healthy, name="healthy"),
]
