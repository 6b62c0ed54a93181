"""How CASE answers: JSON with a page's total, and errors in the words of 1EdTech (imsx_StatusInfo)."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from common.plain import whole_number

MINUTES = 5
MOST, USUAL = 100, 100


class Refusal(Exception):  # noqa: N818 - it is an answer
    """The request cannot be answered: status, the code of 1EdTech, the parameter it is about, a sentence."""

    def __init__(self, status: int, code: str, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.field = field


def unknown(identifier: str) -> Refusal:
    """Return the answer for an identifier that names nothing here."""
    return Refusal(404, "unknownobject", "sourcedId", f"There is nothing here with the identifier {identifier[:80]}.")


def uuid_of(text: str) -> uuid.UUID:
    """Return an identifier. Refuses what is no UUID in its usual form."""
    try:
        found = uuid.UUID(text)
    except ValueError:
        found = None
    if found is None or str(found) != text.lower():
        raise Refusal(400, "invaliduuid", "sourcedId", "The identifier is not a UUID.")
    return found


def number(request: HttpRequest, name: str, usual: int, low: int, high: int) -> int:
    """Return a whole number of the address. Refuses anything else."""
    found = whole_number(request.GET.get(name, str(usual)), most=high, least=low)
    if found is None:
        code, sentence = "invalid_selection_field", f"{name} must be a whole number from {low} to {high}."
        raise Refusal(400, code, name, sentence)
    return found


def picked(request: HttpRequest, rows: list[dict[str, Any]], known: frozenset[str]) -> list[dict[str, Any]]:
    """Return only the `fields` asked for. Refuses a field that no row can have."""
    fields = [name for name in request.GET.get("fields", "").split(",") if name]
    if strange := sorted(set(fields) - known):
        raise Refusal(400, "invalid_selection_field", "fields", f"There is no field {strange[0][:40]}.")
    return [{key: row[key] for key in fields if key in row} for row in rows] if fields else rows


def said(data: Mapping[str, Any], **headers: str) -> HttpResponse:
    """Answer with data that anybody may keep for some minutes and read from any page."""
    response = JsonResponse(dict(data), json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = f"public, max-age={MINUTES * 60}"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return response


def refused(refusal: Refusal) -> HttpResponse:
    """Answer with the error body of 1EdTech."""
    body = {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_description": str(refusal),
        "imsx_codeMinor": {
            "imsx_codeMinorField": [
                {"imsx_codeMinorFieldName": refusal.field, "imsx_codeMinorFieldValue": refusal.code}
            ]
        },
    }
    return JsonResponse(body, status=refusal.status)
