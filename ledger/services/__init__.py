"""Sealing rows, signing heads, giving receipts, witnessing another log."""

from ledger.services.anchoring import ForkedError, checkpoint, growth_request, write_anchor
from ledger.services.key_files import KeyRefused
from ledger.services.keys import new_key, signer
from ledger.services.receipts import NotSealed, Receipt, receipt
from ledger.services.sealing import seal
from ledger.services.witnessing import cosign, witness

__all__ = [
    "ForkedError",
    "KeyRefused",
    "NotSealed",
    "Receipt",
    "checkpoint",
    "cosign",
    "growth_request",
    "new_key",
    "receipt",
    "seal",
    "signer",
    "witness",
    "write_anchor",
]
