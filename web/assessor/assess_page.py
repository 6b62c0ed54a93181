"""The assess page put together: evidence left, judgement right, and what the rules said about what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.queries import reviews
from assessments.queries.also_serves import also_serves
from assessments.queries.work import in_queue
from assessments.queries.workbench import Workbench, addable, workbench
from assessments.rules.judging import LONGEST_FEEDBACK, LONGEST_NEXT_ACTION, LONGEST_REASON
from assessments.services import PresenceView
from centres.enums import Role
from common.plain import iso_day
from common.refusals import Refusal, Stale
from portfolio.enums import Setting
from portfolio.queries.seen import rounds_mark
from qualifications.rules import WordedBy
from web.assessor import judgement_rows as judging
from web.assessor.evidence_pane import stage_of
from web.assessor.phrases import PHRASES
from web.assessor.piece_words import decided_words, piece_words, setting_words
from web.shared.http import ActorRequest
from web.shared.idempotency import new_key
from web.shared.nav import with_count

if TYPE_CHECKING:
    from portfolio.models import Evidence, EvidenceVersion

TABS: Final = (
    ("text", _("Text")),
    ("note", _("Learner’s note")),
    ("files", _("Files")),
    ("origin", _("Where it came from")),
    ("versions", _("Versions and talk")),
)

#: Characters: the page counts where they are nearly reached.
LONGEST: Final = {"feedback": LONGEST_FEEDBACK, "next_action": LONGEST_NEXT_ACTION, "reason": LONGEST_REASON}


@dataclass(frozen=True, slots=True)
class Answered:
    """What a post left behind: the form as typed, why it was refused, who was faster, what was looked for."""

    typed: Mapping[str, Any] = field(default_factory=dict)
    refusals: Sequence[Refusal] = ()
    stale: Stale | None = None
    find: str = ""
    text: str = ""  # a line of the talk
    tab: str = ""
    all_met: bool = False
    validate: bool = False
    status: int = 200


def bench_page(
    request: ActorRequest,
    piece: "Evidence",
    version: "EvidenceVersion",
    answered: Answered,
    here: Sequence[PresenceView] | None = (),
) -> HttpResponse:
    """Render the page, or only the part that a script asks for. `here` None: nothing could be written down."""
    bench = workbench(request.actor, piece, version)
    context = left_side(request, bench, answered)
    part = request.headers.get("HX-Target", "")
    if request.method == "GET" and part == "also":
        return render(request, "web_assessor/_also.html", context | _also(request, bench, asked=True))
    if request.method == "GET" and part in {"stage", "about"}:
        return render(request, f"web_assessor/_{part}.html", context)
    queue = in_queue(request.actor, piece.public_id)
    # A form that came too late is shown all the same: what was typed must be there to copy.
    judging_now = bench.mine and (bench.judgeable or bool(answered.typed))
    context |= {"queue": queue, "here": here, "judging": judging_now, "stale": answered.stale}
    context["unwritten"] = here is None
    if request.actor.assesses:
        context |= with_count(request, "assessor:work", queue.pieces)
    context |= _right(request, bench, answered)
    return render(request, "web_assessor/assess.html", context, status=answered.status)


def left_side(request: ActorRequest, bench: Workbench, answered: Answered | None = None) -> dict[str, Any]:
    """Return the evidence and what is known about it, for every page that shows a piece."""
    answered = answered or Answered()
    return {
        "bench": bench,
        "piece": bench.evidence,
        "version": bench.version,
        "learner": bench.evidence.learner,
        "mine": bench.mine,
        "may_purge": bench.mine or request.actor.holds(Role.IQA, Role.LEAD_IQA),
        "said": bench.fields,
        "happened": iso_day(bench.fields.get("activity_date")),
        "title": bench.fields.get("title") or _("Untitled"),
        "setting": setting_words(bench.fields.get("setting", "")),
        "earlier": [(number, setting_words(said)) for number, said in bench.before.settings],
        "answer": bench.answer,
        "what": _what(bench),
        "stage": stage_of(bench, request.GET, request.actor.centre_number),
        "tabs": TABS,
        "url": reverse("assessor:assess", args=[request.actor.centre_number, bench.evidence.public_id]),
        "shown_url": reverse("assessor:shown", args=[request.actor.centre_number, bench.evidence.public_id]),
        "reply_text": answered.text,
        **_about(request, bench, answered.tab or request.GET.get("tab", "")),
    }


def _what(bench: Workbench) -> str:
    words = len(str(bench.fields.get("body", "")).split())
    families = [f.family for f in bench.files]
    pages = len(bench.files[0].pictures) if len(bench.files) == 1 and len(bench.files[0].pictures) > 1 else 0
    seconds = sum(f.seconds for f in bench.files)
    return piece_words(str(bench.fields.get("kind", "")), families, seconds=seconds, pages=pages, words=words)


def _about(request: ActorRequest, bench: Workbench, tab: str) -> dict[str, Any]:
    """Return the tab that is asked for, with what it alone needs to read."""
    tab = tab if tab in dict(TABS) else _first_tab(bench)
    found: dict[str, Any] = {"tab": tab, "texts": [f for f in bench.files if f.text]}
    if tab == "origin" and bench.seen_before:
        found["same"] = reviews.same_bytes(request.actor, bench.evidence, {f.sha256 for f in bench.files})
    if tab == "versions":
        found["history"] = reviews.history(request.actor, bench.evidence)
        found["talk"] = reviews.talk(request.actor, bench.evidence)
        found["reply_key"] = new_key()
    return found


def _first_tab(bench: Workbench) -> str:
    """Begin with the text where there is one to read, else with what the learner says about the piece."""
    return "text" if any(f.text for f in bench.files) else "note"


def _right(request: ActorRequest, bench: Workbench, answered: Answered) -> dict[str, Any]:
    """The judgement side with what was typed: from the post, else from the draft kept on the server."""
    kept = {} if answered.typed else _draft(bench)
    typed = answered.typed or kept
    typed = judging.all_met(bench, typed) if answered.all_met else typed
    fresh = answered.stale is not None or not answered.typed
    found = judging.judge_rows(bench, typed, answered.refusals, fresh=fresh)
    form = judging.judge_form(bench, typed)
    if answered.validate:
        for refusal in answered.refusals:
            if refusal.field in form.fields:
                form.add_error(refusal.field, refusal.sentence)
    return {
        "rows": found,
        "form": form,
        "lines": judging.error_lines(form, found, answered.refusals) if answered.validate else [],
        "tally": judging.tally_of(found),
        "unstored": bool(answered.typed),
        "kept_at": bench.draft_saved_at if kept else None,
        "longest": LONGEST,
        "stands": judging.stands(typed),
        "phrases": PHRASES,
        "wordings": _wordings(bench),
        "to_see": [mapping.code for mapping in bench.mappings if mapping.observed and not mapping.closed],
        "find": answered.find,
        "found": addable(request.actor, bench.evidence, answered.find),
        **_also(request, bench),
        "orphans": judging.orphans(bench, typed),
        "confirmed": setting_words(str(form["setting_confirmed"].value() or "")),
        "claimed": Setting(said).label if (said := bench.fields.get("setting", "")) in Setting.values else "",
        "decided": decided_words(bench, request.actor.person_id) if bench.decided else "",
        "idempotency_key": new_key(),
        "seen": _seen(bench, answered),
    }


def _seen(bench: Workbench, answered: Answered) -> str:
    """Return the mark of what was decided about the piece: as the form said it, or again with what came meanwhile."""
    said = str(answered.typed.get("seen", "")) if answered.stale is None else ""
    return said or rounds_mark(bench.evidence, [(m.public_id, m.round) for m in bench.mappings])


def _wordings(bench: Workbench) -> list[tuple[WordedBy, list[str]]]:
    """Return whose words the criteria are; the units are named where not all are worded by the same people."""
    found: dict[WordedBy, dict[str, None]] = {}
    for mapping in bench.mappings:
        found.setdefault(mapping.wording, {})[mapping.unit_title] = None
    return [(one, list(titles) if len(found) > 1 else []) for one, titles in found.items()]


def _also(request: ActorRequest, bench: Workbench, *, asked: bool = False) -> dict[str, Any]:
    """What else the piece could serve (R68): read when it is asked for, by the page's script or by a link."""
    on_page = request.method == "GET" and "also" in request.GET
    open_to_more = bench.mine and bench.judgeable and (asked or on_page)
    return {"also": also_serves(request.actor, bench) if open_to_more else [], "asked_also": on_page}


def _draft(bench: Workbench) -> Mapping[str, Any]:
    """Return what was typed before, when it was typed about this version."""
    same = bench.draft.get("version") == str(bench.version.number)
    return bench.draft if same else {}
