"""What was signed in a registration, and whether it is unaltered: /c/<centre>/signatures/."""

from django.urls import path

from web.centre.views import proof

app_name = "proof"
urlpatterns = [
    path("<str:registration>/", proof.proof, name="item"),
    path("<str:registration>/chain.jsonl", proof.chain, name="chain"),
]
