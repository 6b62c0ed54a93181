"""The ring of credits: numbers for an SVG that the server draws. Whole credits, never a share in percent."""

import math
from dataclasses import dataclass

RADIUS = 66.5
ROUND = 2 * math.pi * RADIUS
GAP = 3.0


@dataclass(frozen=True, slots=True)
class Ring:
    """Two arcs on a circle of RADIUS: lengths and offsets in the drawing's units."""

    needed: int
    signed_off: int
    started: int
    signed_arc: str
    started_arc: str
    started_offset: str


def ring(*, needed: int, signed_off: int, started: int) -> Ring:
    """Return the arcs for these credits; more than needed fills the ring and no more."""
    scale = ROUND / max(1, needed)
    done = min(signed_off * scale, ROUND)
    begun = max(0.0, min(started * scale, ROUND - done) - (GAP if done else 0.0))
    offset = done + GAP if done else 0.0
    return Ring(
        needed=needed,
        signed_off=signed_off,
        started=started,
        signed_arc=f"{done:.1f} {ROUND:.1f}",
        started_arc=f"{begun:.1f} {ROUND:.1f}",
        started_offset=f"{-offset:.1f}",
    )
