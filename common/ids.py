"""Names of rows that people see in addresses: random, unguessable, easy to read out."""

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's 32 letters: no i, l, o, u
LENGTH = 26  # 26 letters of 5 bits carry 130 bits


def new_public_id() -> str:
    """Return 26 random letters (130 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def new_token() -> str:
    """Return a secret for a one-time link: 256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)
