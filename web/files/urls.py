"""Addresses of bytes, under /c/<centre>/files/: the only way in and out for them."""

from django.urls import path

from web.files import views

app_name = "files"
urlpatterns = [
    path("evidence/<str:evidence>/upload/", views.upload, name="upload"),
    path("evidence/<str:evidence>/status/", views.status, name="status"),
    path("preview/<str:preview>/", views.preview, name="preview"),
    path("<str:file>/", views.original, name="original"),
]
