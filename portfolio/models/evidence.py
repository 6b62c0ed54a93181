"""Evidence: what a learner brings, its bytes, its frozen versions, and the criteria it is offered for."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from centres.enums import FROZEN_UNITS
from common.guards import Guard
from common.ids import new_public_id
from common.scoping import CentreOwned
from portfolio.enums import (
    DECIDED_MET,
    SENT,
    WHOLE,
    AiUse,
    EvidenceKind,
    EvidenceState,
    FileState,
    MappingOrigin,
    MappingState,
    PreviewKind,
    Setting,
)
from portfolio.rules import KEPT, LONGEST_NOTE, Sending, version_digest


class Evidence(CentreOwned):
    """One item of a learner. Its fields are a draft until `EvidenceVersion` freezes them (R53)."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    learner = models.ForeignKey("centres.Learner", on_delete=models.PROTECT, related_name="evidence")
    state = models.CharField(max_length=10, choices=EvidenceState.choices, default=EvidenceState.DRAFT)
    #: Counts every saved change of the draft: a form that carries an older number is stale.
    revision = models.PositiveIntegerField(default=1)
    #: The version being written (draft) or the latest one sent.
    version_number = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=14, choices=EvidenceKind.choices, default=EvidenceKind.MEDIA)
    title = models.CharField(max_length=KEPT["title"], default="")
    #: The title as last sent: what staff see, while the learner may already be writing the next version.
    sent_title = models.CharField(max_length=KEPT["title"], default="")
    activity_date = models.DateField(null=True)
    place = models.CharField(max_length=KEPT["place"], default="")
    setting = models.CharField(max_length=10, choices=Setting.choices, default="")
    description = models.TextField(max_length=KEPT["description"], default="")  # what it shows
    body = models.TextField(max_length=KEPT["body"], default="")  # the writing itself, where there is no file
    organisation = models.CharField(max_length=KEPT["organisation"], default="")  # "my own organisation" (R62)
    people = models.CharField(max_length=KEPT["people"], default="")  # who else is in it
    no_customer_named = models.BooleanField(null=True)  # R60: null until answered
    ai_use = models.CharField(max_length=8, choices=AiUse.choices, default="")
    ai_note = models.CharField(max_length=KEPT["ai_note"], default="")
    location = models.CharField(max_length=KEPT["location"], default="")  # in-situ: where it is kept
    custodian = models.CharField(max_length=KEPT["custodian"], default="")  # in-situ: who keeps it
    unsure = models.BooleanField(default=False)  # "I am not sure. Let my assessor choose"
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=sorted(SENT)) | Q(submitted_at__isnull=False), name="evidence_sent_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None) | Q(submitted_at__gte=F("created_at")), name="evidence_sent_once_begun"
            ),
        ]
        indexes = [
            models.Index(fields=["learner", "-created_at"], name="evidence_learner"),
            models.Index(fields=["centre", "state", "submitted_at"], name="evidence_queue"),
        ]

    def __str__(self) -> str:
        return self.title or self.public_id


class EvidenceFile(CentreOwned):
    """Received bytes. The object behind `storage_key` is never changed; `sha256` is of the bytes as they came."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="files")
    state = models.CharField(max_length=12, choices=FileState.choices, default=FileState.RECEIVING)
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=200)
    storage_key = models.CharField(max_length=120, unique=True)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, default="")
    family = models.CharField(max_length=12, default="")
    content_type = models.CharField(max_length=100, default="")
    pages = models.PositiveIntegerField(null=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    duration_seconds = models.FloatField(null=True)
    captured_at = models.DateTimeField(null=True)
    device = models.CharField(max_length=120, default="")
    has_location = models.BooleanField(default=False)
    refusal = models.TextField(default="")  # the sentence that says why it cannot be used
    previews_made_at = models.DateTimeField(null=True)
    preview_note = models.TextField(default="")  # why there is no picture of it
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)  # taken out of the draft; kept while a version names it

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gte=0), name="file_size_is_one"),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(WHOLE)) | (~Q(sha256="") & Q(size__gt=0)), name="file_whole_has_a_hash"
            ),
        ]
        indexes = [models.Index(fields=["centre", "sha256"], name="file_same_bytes")]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Preview(CentreOwned):
    """What the worker made of a file: re-encoded, without metadata. Served inline; the original never is."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    file = models.ForeignKey(EvidenceFile, on_delete=models.CASCADE, related_name="previews")
    kind = models.CharField(max_length=8, choices=PreviewKind.choices)
    position = models.PositiveIntegerField(default=0)
    storage_key = models.CharField(max_length=120, default="")
    content_type = models.CharField(max_length=60, default="")
    size = models.BigIntegerField(default=0)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    text = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "kind", "position"], name="preview_once"),
            models.CheckConstraint(condition=Q(size__gte=0), name="preview_size_is_one"),
        ]
        indexes = [models.Index(fields=["storage_key"], name="preview_object")]
        ordering = ["kind", "position"]

    def __str__(self) -> str:
        return f"{self.kind} {self.position}"


class EvidenceVersion(CentreOwned):
    """What was sent, frozen by the learner's declaration (R53, R57). Append-only."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    fields = models.JSONField()  # every draft field as sent
    files = models.JSONField()  # [{id, name, sha256, size}] in order
    mappings = models.JSONField()  # [{criterion, unit, locator}] as offered
    declaration = models.CharField(max_length=20)  # the version of the text agreed to
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    digest = models.CharField(max_length=64)  # SHA-256 of all of the above, in one way to write it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evidence", "number"], name="version_once")]
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.evidence_id} v{self.number}"

    @property
    def computed_digest(self) -> str:
        """The digest that these facts have now; an unaltered row carries the same in `digest`."""
        sending = Sending(
            evidence=self.evidence.public_id,
            learner=self.evidence.learner.public_id,
            number=self.number,
            by=self.submitted_by.public_id,
            at=self.submitted_at,
            declaration=self.declaration,
        )
        return version_digest(sending, self.fields, self.files, self.mappings)


class Recall(CentreOwned):
    """Its learner took this version back before whoever judges had opened it: nobody else reads it. Append-only."""

    version = models.OneToOneField(EvidenceVersion, on_delete=models.PROTECT, related_name="recall")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.version_id} taken back"


class VersionFile(CentreOwned):
    """Which files a version holds. Append-only."""

    version = models.ForeignKey(EvidenceVersion, on_delete=models.PROTECT, related_name="version_files")
    file = models.ForeignKey(EvidenceFile, on_delete=models.PROTECT, related_name="in_versions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "file"], name="version_file_once")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.file_id}"


class EvidenceMapping(CentreOwned):
    """This evidence is offered for this criterion of this learner's unit, here (R67)."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="mappings")
    learner_unit = models.ForeignKey("centres.LearnerUnit", on_delete=models.PROTECT, related_name="mappings")
    criterion = models.ForeignKey("qualifications.Criterion", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=MappingState.choices, default=MappingState.PROPOSED)
    #: Rounds of judgement so far: an assessor's form carries it, so that a slower save is seen as stale (R2).
    round = models.PositiveIntegerField(default=0)
    #: The version it was first sent with: from then on the piece is seen by what this is for. Null: never sent.
    sent_in = models.PositiveIntegerField(null=True)
    origin = models.CharField(max_length=10, choices=MappingOrigin.choices)
    page = models.PositiveIntegerField(null=True)
    seconds = models.PositiveIntegerField(null=True)
    note = models.CharField(max_length=LONGEST_NOTE, default="")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "learner_unit", "criterion"],
                condition=~Q(state=MappingState.CLOSED),
                name="mapping_once",
            ),
            # What a signature rests on stays (R83): there nothing moves, but that what nobody met may be closed.
            Guard(
                name="mapping_signed_stays",
                refuse=[
                    [
                        ("changes", "state"),
                        ("in", "learner_unit__state", FROZEN_UNITS),
                        ("not_in", "state", {MappingState.CLOSED}),
                    ],
                    [("changes", "state"), ("in", "learner_unit__state", FROZEN_UNITS), ("was", "state", DECIDED_MET)],
                ],
            ),
            # What was met goes with its piece alone.
            Guard(
                name="mapping_met_stays_open",
                refuse=[
                    [
                        ("was", "state", DECIDED_MET),
                        ("in", "state", {MappingState.CLOSED}),
                        ("not_in", "evidence__state", {EvidenceState.WITHDRAWN}),
                    ]
                ],
            ),
        ]
        indexes = [models.Index(fields=["learner_unit", "criterion"], name="mapping_criterion")]

    def __str__(self) -> str:
        return f"{self.evidence_id} → {self.criterion_id} {self.state}"


class Opening(CentreOwned):
    """Something of this version was shown to somebody: what a judgement needs (R69) and an audit asks (R127).

    `file`: the picture, page or recording that was shown or played, or the file that was opened. Without one: the words
    of the piece; or, by its learner, what was said about it. Append-only.
    """

    version = models.ForeignKey(EvidenceVersion, on_delete=models.PROTECT, related_name="openings")
    file = models.ForeignKey(EvidenceFile, on_delete=models.PROTECT, null=True, related_name="openings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["version", "person"], name="opening_version_person")]

    def __str__(self) -> str:
        return f"{self.version_id} by {self.person_id}"


class AcceptedTogether(CentreOwned):
    """How often two criteria were met by the same piece in this centre: counted again by a job, of nobody by name.

    Both directions are kept. Numbers below the thresholds of `rules.learning` are not.
    """

    unit_key = models.CharField(max_length=120)
    number = models.CharField(max_length=12)
    other_key = models.CharField(max_length=120)
    other_number = models.CharField(max_length=12)
    pieces = models.PositiveIntegerField()
    learners = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "unit_key", "number", "other_key", "other_number"], name="together_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_key} {self.number} with {self.other_key} {self.other_number}"
