"""Evidence × criteria of one unit (S10): as a grid and as a list."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from assessments.queries.matrix import CellView, Column, EvidenceRow, Matrix, matrix
from centres.access import may_assess_in, unit_for
from web.assessor.lookups import staff
from web.assessor.piece_words import clock_words, icon_of, piece_words
from web.shared.http import ActorRequest, allow, page_number
from web.shared.statuses import STATUSES

NOT_RELEVANT = _("Not relevant")


@require_safe
@allow(lambda actor: actor.assesses or actor.assures)
def grid(request: ActorRequest, centre: str, unit: str) -> HttpResponse:  # noqa: ARG001 - the walls have read it
    """Show the grid, with the chosen cell or criterion explained beside it."""
    context = _context(request, unit)
    part = request.headers.get("HX-Target") == "chosen"
    return render(request, f"web_assessor/{'_chosen' if part else 'matrix'}.html", context)


@require_safe
@allow(lambda actor: actor.assesses or actor.assures)
def listed(request: ActorRequest, centre: str, unit: str) -> HttpResponse:  # noqa: ARG001 - the walls have read it
    """Show the same as a list, criterion by criterion: everything the grid does, without a grid."""
    return render(request, "web_assessor/matrix_list.html", _context(request, unit))


def _context(request: ActorRequest, unit: str) -> dict[str, Any]:
    found = matrix(request.actor, unit_for(staff(request.actor), unit), page_number(request))
    cell = found.cell(request.GET.get("cell", "")[:60])
    column = _column(found, cell, request.GET.get("criterion", "")[:26])
    return {
        "matrix": found,
        "unit": found.unit,
        "learner": found.unit.learner,
        "page": found.page,
        "rows": [
            (row, _cells(found, row), piece_words(row.kind, row.families), icon_of(row.families)) for row in found.rows
        ],
        "chosen_key": cell.key if cell else "",
        "cell": cell,
        "cell_word": _word(cell) if cell else "",
        "cell_place": clock_words(cell.seconds) if cell and cell.seconds is not None else "",
        "thumb": next((row.thumb for row in found.rows if cell and row.public_id == cell.evidence_id), ""),
        "column": column,
        "also": [(c, _word(c)) for c in column.cells if c is not cell] if column else [],
        "next_gap": found.next_gap(column.public_id if column else ""),
        "columns": [(c, [(one, _word(one)) for one in c.cells]) for c in found.columns],
        "mine": may_assess_in(request.actor, found.unit.registration_id),
    }


def _cells(found: Matrix, row: EvidenceRow) -> list[tuple[Column, CellView | None, str | Promise]]:
    """Return a row's cells with their columns and words, in order."""
    pairs = zip(found.columns, row.cells, strict=True)
    return [(column, cell, _word(cell) if cell else "") for column, cell in pairs]


def _column(found: Matrix, cell: CellView | None, criterion: str) -> Column | None:
    return found.column(cell.criterion_id if cell else criterion)


def _word(cell: CellView) -> str | Promise:
    return NOT_RELEVANT if cell.not_relevant else STATUSES[cell.status].word("staff")
