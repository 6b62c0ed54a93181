"""The centre admin's screens: people, learners, who looks after whom."""

from django.urls import path

from web.centre.views import caseload, learners, people, register, roles, sufficiency

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
    path("learners/<str:learner>/units/<str:registration>/", register.units, name="units"),
    path("learners/<str:learner>/assessor/", learners.allocate, name="allocate"),
    path("learners/<str:learner>/assessor/<str:allocation>/end/", learners.end_allocation, name="end_allocation"),
    path("learners/<str:learner>/exceptions/<str:unit>/", sufficiency.exception, name="exception"),
    path("rules/", sufficiency.rules, name="rules"),
    path("rules/new/", sufficiency.propose, name="propose_rule"),
    path("rules/<str:rule>/", sufficiency.rule, name="rule"),
    path("caseload/", caseload.caseload, name="caseload"),
    path("caseload/move/", caseload.reallocate, name="reallocate"),
]
