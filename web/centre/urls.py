"""The centre admin's screens: people, learners, who looks after whom."""

from django.urls import path

from web.centre.views import caseload, catalogue, exempting, importing, learners, moving, people, register, roles, units

app_name = "centre"
urlpatterns = [
    path("", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/<str:person>/", people.person, name="person"),
    path("people/<str:person>/link/", people.send_link, name="send_link"),
    path("people/<str:person>/end-access/", people.end_access, name="end_access"),
    path("people/<str:person>/roles/", roles.grant, name="grant"),
    path("people/<str:person>/roles/<str:role>/end/", roles.end_role, name="end_role"),
    path("people/<str:person>/countersigner/", roles.countersigner, name="countersigner"),
    path("people/<str:person>/countersigner/<str:other>/end/", roles.end_countersigner, name="end_countersigner"),
    path("learners/", learners.learners, name="learners"),
    path("learners/register/", register.register, name="register"),
    path("learners/<str:learner>/", learners.learner, name="learner"),
    path("learners/<str:learner>/register/", register.add, name="add_registration"),
    path("learners/<str:learner>/units/<str:registration>/", units.units, name="units"),
    path("learners/<str:learner>/move/<str:registration>/", moving.move, name="move"),
    path("learners/<str:learner>/exempt/<str:unit>/", exempting.certificate, name="certificate"),
    path("learners/<str:learner>/next/", moving.progression, name="progression"),
    path("learners/<str:learner>/assessor/", learners.allocate, name="allocate"),
    path("learners/<str:learner>/assessor/<str:allocation>/end/", learners.end_allocation, name="end_allocation"),
    path("import/", importing.bring, name="import"),
    path("import/<str:draft>/", importing.preview, name="import_preview"),
    path("import/<str:draft>/columns/", importing.match, name="import_match"),
    path("import/<str:draft>/mend/", importing.mend, name="import_mend"),
    path("import/<str:draft>/withdraw/", importing.withdraw, name="import_withdraw"),
    path("caseload/", caseload.caseload, name="caseload"),
    path("caseload/move/", caseload.reallocate, name="reallocate"),
    path("drafts/", catalogue.drafts, name="drafts"),
    path("drafts/<str:draft>/", catalogue.draft, name="draft"),
    path("drafts/<str:draft>/submit/", catalogue.submit, name="draft_submit"),
    path("drafts/<str:draft>/approve/", catalogue.approve, name="draft_approve"),
    path("drafts/<str:draft>/reject/", catalogue.reject, name="draft_reject"),
    path("drafts/<str:draft>/reopen/", catalogue.reopen, name="draft_reopen"),
    path("drafts/<str:draft>/withdraw/", catalogue.withdraw, name="draft_withdraw"),
]
