"""One's own account, and the way in through an invitation."""

from django.urls import path

from web.account import views

app_name = "web_account"
urlpatterns = [
    path("", views.index, name="index"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
]
