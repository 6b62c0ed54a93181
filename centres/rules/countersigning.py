"""What a signature on a unit says of its countersigning (R6)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Countersigning:
    """The trainee it rests on (an id; None: nobody in training), and whether nobody named for them is free to do it."""

    trainee_id: int | None = None
    by_any: bool = False
