"""The catalogue, for every member of a centre."""

from django.urls import path

from web.shared.catalogue import guiding, views

app_name = "catalogue"
urlpatterns = [
    path("", views.index, name="index"),
    path("qualifications/<str:public_id>/", views.qualification, name="qualification"),
    path("units/<str:public_id>/", views.unit, name="unit"),
    path("units/<str:public_id>/criteria/<str:criterion>/", guiding.criterion, name="criterion"),
]
