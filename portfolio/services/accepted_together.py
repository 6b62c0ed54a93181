"""Counting what was accepted together (R68): in the background, some minutes after a decision, a whole centre again."""

import datetime as dt

from django.db import transaction

from common.enqueue import enqueue
from portfolio import rules
from portfolio.models import AcceptedTogether
from portfolio.queries.accepted_together import met_mappings, met_rows

#: Decisions come in bursts; one count for all of them is enough.
AFTER = dt.timedelta(minutes=10)
BATCH = 1000


def learn_soon(*, centre_id: int) -> None:
    """Ask for the counts of a centre to be made again, once for all decisions of the next minutes."""
    enqueue("portfolio.learn", key=f"learn {centre_id}", delay=AFTER, of_centre=centre_id, centre_id=centre_id)


def learn(*, centre_id: int) -> int:
    """Count again what was accepted together in a centre, and return how many pairs are enough to be used.

    Safe to run twice. Reads every met mapping of the centre once; writes only what changed. No event: nothing here is
    anybody's act, and everything can be counted again from the mappings.
    """
    wanted = rules.accepted_together(met_rows(met_mappings(centre_id)))
    with transaction.atomic():
        rows = AcceptedTogether.objects.for_centre(centre_id)
        stands = {
            ((r.unit_key, r.number), (r.other_key, r.other_number)): r
            for r in rows.select_for_update(of=("self",), no_key=True)
        }
        gone = [row.pk for pair, row in stands.items() if pair not in wanted]
        for start in range(0, len(gone), BATCH):
            rows.filter(pk__in=gone[start : start + BATCH]).delete()
        fresh = [_row(centre_id, pair, seen) for pair, seen in wanted.items() if pair not in stands]
        AcceptedTogether.objects.for_centre(centre_id).bulk_create(fresh, batch_size=BATCH, ignore_conflicts=True)
        changed = [row for pair, row in stands.items() if pair in wanted and _take(row, wanted[pair])]
        rows.bulk_update(changed, ["pieces", "learners"], batch_size=BATCH)
    return len(wanted)


def _row(centre_id: int, pair: tuple[rules.Key, rules.Key], seen: rules.Seen) -> AcceptedTogether:
    (key, number), (other_key, other_number) = pair
    return AcceptedTogether(
        centre_id=centre_id,
        unit_key=key,
        number=number,
        other_key=other_key,
        other_number=other_number,
        pieces=seen.pieces,
        learners=seen.learners,
    )


def _take(row: AcceptedTogether, seen: rules.Seen) -> bool:
    """Put the new counts on a row and say whether they are new."""
    if (row.pieces, row.learners) == (seen.pieces, seen.learners):
        return False
    row.pieces, row.learners = seen.pieces, seen.learners
    return True
