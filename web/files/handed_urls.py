"""The one address of the files' own host, where nobody is signed in: a ticket that lives for 60 seconds."""

from django.urls import path

from web.files import views

app_name = "handed"
urlpatterns = [path("<str:ticket>/", views.handed, name="file")]
