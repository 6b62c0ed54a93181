"""What the ledger does by itself."""

import datetime as dt

from common import clock
from jobs.registry import task
from ledger import services
from ledger.services import anchoring


@task("ledger.seal", every=dt.timedelta(minutes=1))
def seal() -> None:
    """Seal what was written since the last round."""
    services.seal(at=clock.now())


@task("ledger.anchor", every=dt.timedelta(days=1))
def anchor() -> None:
    """Write the newest head where anchors go."""
    anchoring.write_daily(at=clock.now())
