"""Names of rows that people see in addresses: random, unguessable, easy to read out."""

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's 32 letters: no i, l, o, u
LENGTH = 26  # 26 letters of 5 bits carry 130 bits
_LETTER_OF = ALPHABET.encode("ascii") * 8  # of each of 256 bytes one of 32 letters, every one as likely


def new_public_id() -> str:
    """Return 26 random letters (130 bits)."""
    return secrets.token_bytes(LENGTH).translate(_LETTER_OF).decode("ascii")


def new_token() -> str:
    """Return a secret for a one-time link: 256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)
