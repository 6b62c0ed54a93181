"""Addresses of the assessor's screens, under /c/<centre>/assess/."""

from django.urls import path

from web.assessor.views import assess, countersign, learners, matrix, purging, sign_off, transfers, work

app_name = "assessor"
urlpatterns = [
    path("", work.work, name="work"),
    path("next/", work.next_piece, name="next"),
    path("evidence/<str:evidence>/", assess.assess, name="assess"),
    path("evidence/<str:evidence>/shown/", assess.shown, name="shown"),
    path("evidence/<str:evidence>/decide/", assess.decide_piece, name="decide"),
    path("evidence/<str:evidence>/draft/", assess.feedback_draft, name="feedback_draft"),
    path("evidence/<str:evidence>/criteria/", assess.add_criteria, name="add_mapping"),
    path("evidence/<str:evidence>/reply/", assess.reply_to, name="reply"),
    path("evidence/<str:evidence>/personal-data/", purging.purge, name="purge"),
    path("learners/", learners.learners, name="learners"),
    path("learners/<str:learner>/", learners.learner, name="learner"),
    path("learners/<str:learner>/next/", learners.progression, name="progression"),
    path("moved/<str:registration>/", transfers.moved, name="moved"),
    path("units/<str:unit>/carry/", transfers.carry, name="carry"),
    path("units/<str:unit>/carry/decline/", transfers.decline, name="carry_decline"),
    path("learners/<str:learner>/schedule/", learners.schedule, name="schedule"),
    path("units/<str:unit>/", matrix.grid, name="matrix"),
    path("units/<str:unit>/list/", matrix.listed, name="matrix_list"),
    path("units/<str:unit>/sign-off/", sign_off.unit, name="sign_off"),
    path("units/<str:unit>/reopen/", sign_off.reopen, name="reopen"),
    path("units/<str:unit>/answer/", sign_off.answer, name="answer"),
    path("units/<str:unit>/countersign/", countersign.unit, name="countersign_unit"),
    path("sign-off/", sign_off.units, name="sign_off_list"),
    path("countersign/", countersign.waiting, name="countersign"),
    path("countersign/<str:judgement>/shown/", countersign.shown, name="countersign_shown"),
    path("countersign/<str:judgement>/", countersign.item, name="countersign_item"),
]
