"""The addresses of an installation whose files have a host of their own."""

from django.urls import include, path

from config.urls import urlpatterns as ours

urlpatterns = [path("handed/", include("web.files.handed_urls")), *ours]
handler404 = "web.shared.errors.not_found"
handler403 = "web.shared.errors.forbidden"
