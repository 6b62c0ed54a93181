"""The check digit of the Unique Learner Number (R29, section 6 of the rules)."""

LENGTH = 10


def tidy(text: str) -> str:
    """Return the number without the spaces and hyphens that people type."""
    return text.replace(" ", "").replace("-", "").strip()


def is_valid(number: str) -> bool:
    """Say whether ten ASCII digits, the first not 0, carry the right check digit (R29)."""
    if len(number) != LENGTH or not (number.isascii() and number.isdigit()) or number[0] == "0":
        return False
    rest = sum(int(d) * weight for d, weight in zip(number[:9], range(10, 1, -1), strict=True)) % 11
    return rest != 0 and int(number[9]) == 10 - rest
