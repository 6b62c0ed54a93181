"""What a large catalogue costs: 2,000 qualifications of 40 units of 20 criteria, loaded, searched and looked at.

`make bench` calls it when it has measured the pages, on the same database. The sentences are made of the words of our
own 1,500 criteria and of 6,000 made-up words, common ones often and rare ones rarely, as in a language.
"""

import random
import resource
import statistics
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qualifications.rules.files import GroupFile, OutcomeFile, QualificationFile, UnitFile
    from qualifications.services import Catalogue

BODY = "Bench"
SET = 100  # qualifications that are published together, as an awarding body's folder is
UNITS, OUTCOMES, CRITERIA = 40, 4, 5  # criteria of each outcome: 20 in a unit
SEARCHES = (
    ("a rare word", "{rare}"),
    ("the beginning of a word", "compl"),
    ("two words", "complaint {some}"),
    ("three words in most units", "customer service explain"),
    ("one word in most units", "customer"),
    ("a reference", "T/{n}/0007"),
    ("nothing like it", "zzyzx"),
    ("no words", ""),
)


def table(qualifications: int, rounds: int, vendor: str) -> None:
    """Load the catalogue, and print what it cost and what a search costs."""
    from django.db import connection

    from qualifications.models import Criterion

    started, before = time.perf_counter(), _peak_mib()
    worst = _loaded(qualifications)
    seconds = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"\nCatalogue: {qualifications:,} qualifications, {Criterion.objects.count():,} criteria in {seconds:.0f} s;")
    print(f"the slowest set of {SET} took {worst:.1f} s; peak memory {before:.0f} MiB before, {_peak_mib():.0f} after.")
    print(f"\n| search, {vendor} | found | queries | p50 ms | p95 ms |\n| --- | ---: | ---: | ---: | ---: |")
    for name, pattern in SEARCHES:
        print(_searched(name, pattern, rounds))


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _loaded(qualifications: int) -> float:
    from common import clock
    from qualifications.models import Qualification
    from qualifications.services import publish_catalogue

    words = Words()
    worst = 0.0
    there = Qualification.objects.filter(awarding_body=BODY).count()  # of a run whose data were kept
    for first in range(there, qualifications, SET):
        catalogue = _set(first, min(SET, qualifications - first), words)
        started = time.perf_counter()
        publish_catalogue(catalogue, at=clock.now())
        worst = max(worst, time.perf_counter() - started)
    return worst


class Words:
    """Sentences of chance, the same ones in every run."""

    def __init__(self) -> None:
        from qualifications.models import Criterion

        self.chance = random.Random(7)
        ours = [
            word for text in Criterion.objects.values_list("text", flat=True).order_by("pk") for word in text.split()
        ]
        self.ours = ours
        self.made = [
            "".join(self.chance.choice(p) for p in ("bdfgklmnprst", "aeiou", "lmnrst", "aeiou", "dklmnt"))
            for _ in range(6000)
        ]

    def sentence(self) -> str:
        """Return ten words: seven of our own catalogue, three made up, of which the first hundreds are common."""
        made = [self.made[min(int(self.chance.paretovariate(0.6)) * 3, 5999)] for _ in range(3)]
        return "Explain " + " ".join(self.chance.sample(self.ours, 7) + made)


def _set(first: int, count: int, words: Words) -> "Catalogue":
    from qualifications.services import Catalogue

    units = {u.key: u for q in range(first, first + count) for u in _units(q, words)}
    keys = list(units)
    return Catalogue(units, tuple(_qualification(first + n, keys[n * UNITS : (n + 1) * UNITS]) for n in range(count)))


def _units(q: int, words: Words) -> Iterator["UnitFile"]:
    from qualifications.rules.files import UnitFile

    for n in range(UNITS):
        yield UnitFile(
            key=f"T-{q:04}-{n:04}",
            reference=f"T/{q:04}/{n:04}",
            title=words.sentence()[8:80],
            level=n % 4 + 1,
            credit=3,
            glh=None,
            generation="2014",
            sector="customer-service",
            kind="competence",
            outcomes=tuple(_outcome(o, words) for o in range(1, OUTCOMES + 1)),
            provenance={"facts": "read", "criteria": "read", "sources": ["A bench"], "notes": ""},
        )


def _outcome(number: int, words: Words) -> "OutcomeFile":
    from qualifications.rules.files import CriterionFile, OutcomeFile

    rows = [CriterionFile(f"{number}.{n}", words.sentence(), "competence", ()) for n in range(1, CRITERIA + 1)]
    return OutcomeFile(number, words.sentence()[:60], "competence", tuple(rows))


def _qualification(q: int, keys: Sequence[str]) -> "QualificationFile":
    from qualifications.rules.files import QualificationFile

    return QualificationFile(
        entry_code=f"T{q:04}",
        title=f"Certificate {q}",
        awarding_body=BODY,
        level=2,
        generation="2014",
        ofqual_number=None,
        credit=40,
        credit_at_level=None,
        credit_at_or_above=None,
        glh_min=None,
        glh_max=None,
        tqt=None,
        listed_on=None,
        last_registration_on=None,
        last_certification_on=None,
        replaces_code=None,
        groups=(_group("A", keys[:10], mandatory=True), _group("B", keys[10:], mandatory=False)),
        barred=(),
        provenance={"facts": "read", "sources": ["A bench"], "notes": ""},
    )


def _group(code: str, keys: Sequence[str], *, mandatory: bool) -> "GroupFile":
    from qualifications.rules.files import GroupFile, PlaceFile

    places = tuple(PlaceFile(None, key) for key in keys)
    return GroupFile(code, f"Group {code}", mandatory, None, None, None, None, None, True, places)


def _searched(name: str, pattern: str, rounds: int) -> str:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from qualifications import queries

    words = Words()
    texts = [
        pattern.format(rare=words.made[5000 + n], some=words.made[3 * n + 30], n=f"{n * 31:04}") for n in range(rounds)
    ]
    with CaptureQueriesContext(connection) as counted:
        queries.search_units(texts[0], None)
    times, found = [], 0
    for text in texts:
        started = time.perf_counter()
        found = max(found, queries.search_units(text, None).total)
        times.append((time.perf_counter() - started) * 1000)
    p95 = statistics.quantiles(times, n=20)[18]
    return f"| {name} | {found} | {len(counted)} | {statistics.median(times):.0f} | {p95:.0f} |"
