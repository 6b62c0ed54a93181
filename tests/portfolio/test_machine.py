"""Hypothesis walks a piece through its states and holds the invariants of 3.1 and 3.2 after every step."""

import contextlib

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from centres.enums import FROZEN_UNITS, UnitState
from centres.models import LearnerUnit
from common import clock
from common.refusals import Refused
from portfolio.enums import EVIDENCE_TRANSITIONS, MAPPING_TRANSITIONS, EvidenceState, MappingState
from portfolio.models import EvidenceMapping, EvidenceVersion
from portfolio.services import (
    advance_evidence,
    advance_mapping,
    open_version,
    recall_evidence,
    revise_evidence,
    save_draft,
    set_mappings,
    submit_evidence,
    withdraw_evidence,
)
from tests.factories import portfolio as make
from tests.factories.world import two_centres

NUMBERS = ("1.1", "1.2", "4.1")
VERDICTS = (MappingState.MET, MappingState.MET_PROVISIONAL, MappingState.NOT_YET, MappingState.NOT_RELEVANT)
#: Evidence states that a review leads to.
REVIEWED = (EvidenceState.RETURNED, EvidenceState.ACCEPTED)


class Piece(RuleBasedStateMachine):
    """One piece, its learner, its assessor and a unit that may be signed."""

    world = None  # set by the test: the same for every walk

    @initialize()
    def begin(self):
        self.point = transaction.atomic()
        self.point.__enter__()
        self.learner, self.assessor = self.world.actor("LA1"), self.world.actor("AA1")
        self.piece = make.draft(self.world)
        self.state, self.mappings, self.sent, self.resting = EvidenceState.DRAFT, {}, {}, set()

    def teardown(self):
        if hasattr(self, "point"):
            transaction.set_rollback(True)
            self.point.__exit__(None, None, None)

    def attempt(self, act):
        """Do what a person tries; being refused is an answer."""
        with contextlib.suppress(Refused):
            act()

    def now(self):
        return make.again(self.piece)

    def version(self):
        return EvidenceVersion.objects.for_centre(self.piece.centre_id).filter(evidence=self.piece).first()

    @rule(numbers=st.lists(st.sampled_from(NUMBERS), unique=True))
    def tick(self, numbers):
        chosen = [make.ticked(self.world, number) for number in numbers]
        self.attempt(
            lambda: set_mappings(
                actor=self.learner, evidence=self.piece, chosen=chosen, unsure=not chosen, at=clock.now()
            )
        )

    @rule(title=st.text(max_size=20))
    def write(self, title):
        fields = {"title": f"A {title}"}
        now = self.now()
        self.attempt(
            lambda: save_draft(actor=self.learner, evidence=now, revision=now.revision, fields=fields, at=clock.now())
        )

    @rule(late=st.booleans())
    def send(self, late):
        now = self.now()
        revision = now.revision - late
        self.attempt(
            lambda: submit_evidence(
                actor=self.learner, evidence=now, revision=revision, answers=make.YES, at=clock.now()
            )
        )

    @rule()
    def recall(self):
        self.attempt(lambda: recall_evidence(actor=self.learner, evidence=self.piece, at=clock.now()))

    @rule()
    def revise(self):
        self.attempt(lambda: revise_evidence(actor=self.learner, evidence=self.piece, at=clock.now()))

    @rule()
    def withdraw(self):
        now = self.now()
        self.attempt(lambda: withdraw_evidence(actor=self.learner, evidence=now, at=clock.now()))

    @precondition(lambda self: hasattr(self, "piece") and self.version() is not None)
    @rule()
    def open(self):
        open_version(actor=self.assessor, version=self.version(), at=clock.now())

    @rule(data=st.data())
    def judge(self, data):
        """A review as assessments does it: verdicts in an unsigned unit, then the state that follows."""
        unit = self.world.unit("LA1", make.UNIT)
        if self.now().state not in {EvidenceState.IN_REVIEW, EvidenceState.ACCEPTED} or unit.state in FROZEN_UNITS:
            return
        for mapping in self.open_mappings():
            allowed = [v for v in VERDICTS if v in MAPPING_TRANSITIONS[MappingState(mapping.state)]]
            verdict = data.draw(st.sampled_from([None, *allowed]))
            if verdict:
                advance_mapping(mapping=mapping, to=verdict, expected_round=mapping.round, at=clock.now())
        to = data.draw(st.sampled_from(REVIEWED))
        self.attempt(lambda: advance_evidence(evidence=self.now(), to=to, at=clock.now()))

    @rule(state=st.sampled_from([UnitState.ASSESSOR_SIGNED, UnitState.IN_PROGRESS]))
    def sign_or_reopen(self, state):
        """The unit as assessments leaves it: signed only when nothing in it waits to be judged (R83)."""
        unit = self.world.unit("LA1", make.UNIT)
        waits = MappingState.OFFERED in self.all_mappings().values()
        if state in FROZEN_UNITS and waits:
            return
        LearnerUnit.objects.for_centre(unit.centre_id).filter(pk=unit.pk).update(state=state)

    def open_mappings(self):
        rows = EvidenceMapping.objects.for_centre(self.piece.centre_id).filter(evidence=self.piece)
        return list(rows.exclude(state=MappingState.CLOSED))

    # --- what holds after every step

    @invariant()
    def everything_holds(self):
        if not hasattr(self, "piece"):
            return
        now, mappings = self.now(), self.all_mappings()
        self.steps_are_in_the_tables(EvidenceState(now.state), mappings)
        self.what_was_sent_stays()
        self.states_agree(now, set(mappings.values()) - {MappingState.CLOSED})
        self.a_signed_unit_keeps_what_it_rests_on(mappings)
        self.state, self.mappings = EvidenceState(now.state), mappings

    def all_mappings(self):
        rows = EvidenceMapping.objects.for_centre(self.piece.centre_id).filter(evidence=self.piece)
        return {row.pk: MappingState(row.state) for row in rows}

    def steps_are_in_the_tables(self, state, mappings):
        assert state == self.state or state in EVIDENCE_TRANSITIONS[self.state], f"{self.state} → {state}"
        for pk, mapping in mappings.items():
            before = self.mappings.get(pk, mapping)
            assert mapping == before or mapping in MAPPING_TRANSITIONS[before], f"{before} → {mapping}"
        gone = {self.mappings[pk] for pk in set(self.mappings) - set(mappings)}
        assert gone <= {MappingState.PROPOSED}

    def what_was_sent_stays(self):
        rows = list(EvidenceVersion.objects.for_centre(self.piece.centre_id).filter(evidence=self.piece))
        digests = {v.number: v.digest for v in rows}
        assert self.sent.items() <= digests.items()
        assert all(v.digest == v.computed_digest for v in rows)
        assert sorted(digests) == list(range(1, len(digests) + 1))
        self.sent = digests

    def states_agree(self, now, standing):
        if now.state == EvidenceState.DRAFT:
            assert MappingState.OFFERED not in standing
            assert now.version_number == len(self.sent) + 1
        elif now.state == EvidenceState.WITHDRAWN:
            assert standing == set()
        else:
            assert MappingState.PROPOSED not in standing
            assert now.version_number == len(self.sent)

    def a_signed_unit_keeps_what_it_rests_on(self, mappings):
        """As long as the unit stays signed, the met mappings under it stay met and their piece stays in place."""
        frozen = self.world.unit("LA1", make.UNIT).state in FROZEN_UNITS
        met = {pk for pk, state in mappings.items() if state in {MappingState.MET, MappingState.MET_PROVISIONAL}}
        if frozen:
            assert self.resting <= met
        self.resting = met if frozen else set()


@pytest.mark.django_db
def test_no_walk_breaks_a_piece():
    Piece.world = two_centres()
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    limits = settings(max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=slow)
    run_state_machine_as_test(Piece, settings=limits)


def test_every_state_has_its_row_in_the_tables():
    assert set(EVIDENCE_TRANSITIONS) == set(EvidenceState)
    assert set(MAPPING_TRANSITIONS) == set(MappingState)
    assert EVIDENCE_TRANSITIONS[EvidenceState.WITHDRAWN] == MAPPING_TRANSITIONS[MappingState.CLOSED] == frozenset()
    ends = {state for state, following in EVIDENCE_TRANSITIONS.items() if EvidenceState.WITHDRAWN in following}
    assert ends == set(EvidenceState) - {EvidenceState.WITHDRAWN}
