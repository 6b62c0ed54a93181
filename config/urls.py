"""All addresses. Everything inside a centre begins with /c/<centre number>/."""

from django.urls import URLPattern, URLResolver, include, path

from config import readiness

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("web.shared.urls")),
    path("readyz", readiness.ready, name="ready"),
    path("accounts/", include("web.account.sign_in_urls")),
    path("account/", include("web.account.urls")),
    path("handed/", include("web.files.handed_urls")),
    path("ims/case/v1p0/", include("web.exchange.urls")),
    path("c/<str:centre>/catalogue/", include("web.shared.catalogue.urls")),
    path("c/<str:centre>/my/", include("web.learner.urls")),
    path("c/<str:centre>/assess/", include("web.assessor.urls")),
    path("c/<str:centre>/centre/", include("web.centre.urls")),
    path("c/<str:centre>/exemptions/", include("web.centre.exemption_urls")),
    path("c/<str:centre>/signatures/", include("web.centre.proof_urls")),
    path("c/<str:centre>/files/", include("web.files.urls")),
]
handler400 = "web.shared.errors.bad_request"
handler403 = "web.shared.errors.forbidden"
handler404 = "web.shared.errors.not_found"
handler500 = "web.shared.errors.server_error"
