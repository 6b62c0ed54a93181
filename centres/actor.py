"""Who is acting, where and as what: made once a request, never changed (architecture, idea 1)."""

import datetime as dt
from dataclasses import dataclass

from centres.enums import ASSESSING, ASSURING, Role, Standing


@dataclass(frozen=True, slots=True)
class Actor:
    """A person inside one centre, with the roles in force on the day `on` (Europe/London)."""

    person_id: int
    name: str
    centre_id: int
    centre_number: str
    centre_name: str
    roles: frozenset[Role]
    on: dt.date
    learner_id: int | None = None
    request_id: str = ""

    def holds(self, *roles: Role) -> bool:
        """Say whether any of these roles is in force."""
        return bool(self.roles & set(roles))

    @property
    def assesses(self) -> bool:
        """An assessor or trainee assessor today."""
        return bool(self.roles & ASSESSING)

    @property
    def qualified(self) -> bool:
        """A qualified assessor today: who may countersign, which somebody in training never does (R6)."""
        return Role.ASSESSOR in self.roles and Role.TRAINEE not in self.roles

    @property
    def assures(self) -> bool:
        """An IQA, lead IQA or EQA today."""
        return bool(self.roles & ASSURING)

    @property
    def is_admin(self) -> bool:
        """A centre admin today."""
        return Role.ADMIN in self.roles

    @property
    def is_learner(self) -> bool:
        """A learner of this centre today."""
        return Role.LEARNER in self.roles and self.learner_id is not None

    @property
    def is_staff(self) -> bool:
        """Anything but a learner today."""
        return bool(self.roles - {Role.LEARNER})

    @property
    def standing(self) -> Standing:
        """What a decision made today is worth: a trainee's is provisional even for somebody who holds both (R6)."""
        return Standing.TRAINEE if Role.TRAINEE in self.roles else Standing.QUALIFIED

    @property
    def role_names(self) -> str:
        """The roles as one text for the record, in a fixed order."""
        return ",".join(sorted(self.roles))
