"""The catalogue, for every member of a centre."""

from django.urls import path

from web.shared.catalogue import guiding, versions, views

app_name = "catalogue"
urlpatterns = [
    path("", views.index, name="index"),
    path("qualifications/<str:public_id>/", views.qualification, name="qualification"),
    path("qualifications/<str:public_id>/versions/", versions.versions, name="versions"),
    path("qualifications/<str:public_id>/compare/<str:other>/", versions.compare, name="compare"),
    path("qualifications/<str:public_id>/export/<str:form>/", views.export, name="export"),
    path("units/<str:public_id>/", views.unit, name="unit"),
    path("units/<str:public_id>/criteria/<str:criterion>/", guiding.criterion, name="criterion"),
]
