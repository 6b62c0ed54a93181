"""The public keys whose signatures on heads are this installation's."""

from ledger.models import SigningKey
from ledger.rules.notes import Malformed, Verifier, verifier


def newest_key() -> Verifier | None:
    """Return the key that signs now; None before the first signature."""
    row = SigningKey.objects.order_by("-pk").first()
    return verifier(row.verifier) if row else None


def known_keys() -> list[Verifier]:
    """Return every key that signed or signs. A row that is no key is passed over: the check of rows names it."""
    found = []
    for text in SigningKey.objects.order_by("pk").values_list("verifier", flat=True):
        try:
            found.append(verifier(text))
        except Malformed:
            continue
    return found


def signs_from(key: Verifier) -> int:
    """Return the size of the log from which a known key signs."""
    return SigningKey.objects.get(verifier=str(key)).from_size
