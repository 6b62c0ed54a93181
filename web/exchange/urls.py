"""1EdTech CASE 1.0: the catalogue of the whole installation, read-only, for other programs."""

from django.urls import path

from web.exchange import views

app_name = "case"
urlpatterns = [
    path("CFDocuments", views.documents, name="documents"),
    path("CFDocuments/<str:identifier>", views.document, name="document"),
    path("CFPackages/<str:identifier>", views.package, name="package"),
    path("CFItems/<str:identifier>", views.item, name="item"),
    path("CFItemAssociations/<str:identifier>", views.item_associations, name="item_associations"),
    path("CFAssociations/<str:identifier>", views.association, name="association"),
]
