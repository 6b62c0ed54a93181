"""The catalogue: rows of the whole installation (`centre` is null) and rows that one centre published for itself.

A `Unit` or `Qualification` row is one version. What was published is never edited or removed (axiom 2,
B16): a change makes new rows, and the rows people were judged on stay as they were. The model and queryset
guards give a readable error early; the triggers of migration 0002 hold when somebody goes round them.
"""

from typing import Any, NoReturn, TypeVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from common.ids import new_public_id
from common.scoping import CentreOwned
from qualifications.enums import DraftState, Generation, Kind, Membership, Numbered, Sector, Source, UnitKind

M = TypeVar("M", bound=models.Model)


class PublishedIsFinal(RuntimeError):  # noqa: N818 - it states a rule; nothing went wrong by accident
    """Somebody tried to change or remove a published row of the catalogue."""

    def __init__(self, label: str) -> None:
        super().__init__(f"{label}: published rows are never changed; publish a new version")


class PublishedQuerySet(models.QuerySet[M]):
    """A queryset that reads and inserts, and does nothing else."""

    def _refuse(self) -> NoReturn:
        raise PublishedIsFinal(self.model.__name__)

    def update(self, **_kwargs: Any) -> NoReturn:
        self._refuse()

    def delete(self) -> NoReturn:
        self._refuse()

    def bulk_update(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        self._refuse()


class PublishedManager(models.Manager.from_queryset(PublishedQuerySet)):  # type: ignore[misc]
    """The default manager of every table of the catalogue."""


class Published(models.Model):
    """Base of every row of the catalogue: written once."""

    objects = PublishedManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert. Refuses to save a row that is already stored."""
        if not self._state.adding:
            raise PublishedIsFinal(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse."""
        raise PublishedIsFinal(type(self).__name__)


def _owner() -> "models.ForeignKey[Any, Any]":
    """Return the field that says whose a row is: null for the whole installation, else one centre's own."""
    return models.ForeignKey("centres.Centre", on_delete=models.PROTECT, null=True, related_name="+")


def _brought_in() -> "models.ForeignKey[Any, Any]":
    """Return the field that names the draft a centre's own row came from; null for the installation's."""
    return models.ForeignKey("qualifications.Draft", on_delete=models.PROTECT, null=True, related_name="+")


class Unit(Published):
    """One version of a unit. It stands on its own: several qualifications use the same row (R18)."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    centre = _owner()
    draft = _brought_in()
    key = models.CharField(max_length=120)
    version = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    reference = models.CharField(max_length=20, null=True, blank=True)  # null: not known
    title = models.CharField(max_length=250)
    level = models.PositiveSmallIntegerField()
    credit = models.PositiveSmallIntegerField()
    glh = models.PositiveSmallIntegerField(null=True, blank=True)  # guided learning hours
    generation = models.CharField(max_length=4, choices=Generation.choices)
    sector = models.CharField(max_length=30, choices=Sector.choices)
    kind = models.CharField(max_length=10, choices=UnitKind.choices)
    #: What evidence for every criterion of a kind must be like (R71): {"competence": {"pieces": 2, "occasions": 2}}.
    sufficiency = models.JSONField(default=dict, blank=True)
    #: References documented to be as good as its own (R19): [{"reference": "A/506/2130", "source": …}].
    equivalents = models.JSONField(default=list, blank=True)
    provenance = models.JSONField(default=dict)
    content_digest = models.CharField(max_length=64)
    wording_digest = models.CharField(max_length=64, default="")  # of the criteria alone: another source reads the same
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "version"], condition=Q(centre=None), name="one_row_per_unit_version"
            ),
            models.UniqueConstraint(
                fields=["centre", "key", "version"], condition=~Q(centre=None), name="one_row_per_own_unit_version"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="unit_versions_count_from_one"),
            models.CheckConstraint(condition=Q(kind__in=UnitKind.values), name="unit_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"


class Outcome(Published):
    """A learning outcome: the heading its criteria stand under."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="outcomes")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=250)
    kind = models.CharField(max_length=10, choices=Kind.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "number"], name="one_outcome_per_number")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Criterion(Published):
    """One thing to show (R22). `unit` repeats the outcome's unit: a unit's criteria are one indexed read."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="criteria")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="criteria")
    position = models.PositiveSmallIntegerField()  # from 1, through the whole unit: 2.10 follows 2.9
    number = models.CharField(max_length=12)
    text = models.TextField()
    verb = models.CharField(max_length=40)  # the command verb: Explain, Describe, Use …
    kind = models.CharField(max_length=10, choices=Kind.choices)
    themes = models.JSONField(default=list, blank=True)
    #: What evidence must be like (R22, R71): {"observed": true, "pieces": 2, "occasions": 2, "methods": ["photo"]}.
    requirements = models.JSONField(default=dict, blank=True)
    range = models.JSONField(default=list, blank=True)  # the cases it has to be shown for, as sentences (R22)

    class Meta:
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="one_criterion_per_number"),
            models.UniqueConstraint(fields=["unit", "position"], name="one_criterion_per_position"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="criterion_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.text}"


class UnitWords(models.Model):
    """What a search looks in: the words of the version of a unit that counts now, once for each owner.

    Made from published rows when they are published, and made again at any time: nothing rests on it.
    """

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="+")
    centre = _owner()
    key = models.CharField(max_length=120)
    level = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=250)
    title_words = models.TextField()
    words = models.TextField()  # of title, reference, key, outcomes and criteria

    class Meta:
        verbose_name_plural = "unit words"
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(centre=None), name="words_once_per_unit"),
            models.UniqueConstraint(
                fields=["centre", "key"], condition=~Q(centre=None), name="words_once_per_own_unit"
            ),
        ]
        #: The order of a search, with all that it reads: a page is read out of the index.
        indexes = [models.Index(fields=["level", "title", "key", "centre", "unit"], name="units_in_order")]

    def __str__(self) -> str:
        return f"words of {self.key}"


class Qualification(Published):
    """One version of a qualification. Its identity is awarding body and entry code, not its title (R15)."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    centre = _owner()
    draft = _brought_in()
    awarding_body = models.CharField(max_length=60)
    entry_code = models.CharField(max_length=10)
    version = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    title = models.CharField(max_length=250)
    level = models.PositiveSmallIntegerField()
    generation = models.CharField(max_length=4, choices=Generation.choices)
    ofqual_number = models.CharField(max_length=20, null=True, blank=True)
    credit = models.PositiveSmallIntegerField()
    # `credit_at_or_above` credits are needed in units at `credit_at_level` or above (R20).
    credit_at_level = models.PositiveSmallIntegerField(null=True, blank=True)
    credit_at_or_above = models.PositiveSmallIntegerField(null=True, blank=True)
    glh_min = models.PositiveSmallIntegerField(null=True, blank=True)
    glh_max = models.PositiveSmallIntegerField(null=True, blank=True)
    glh_stated = models.PositiveSmallIntegerField(null=True, blank=True)  # the one figure printed since 2017
    tqt = models.PositiveSmallIntegerField(null=True, blank=True)  # total qualification time, hours
    structure_reference = models.CharField(max_length=20, null=True, blank=True)  # of the sector's structure: S/016/371
    listed_on = models.DateField(null=True, blank=True)
    last_registration_on = models.DateField(null=True, blank=True)
    last_certification_on = models.DateField(null=True, blank=True)
    replaces_code = models.CharField(max_length=10, null=True, blank=True)
    barred = models.JSONField(default=list, blank=True)  # lists of unit keys of which one may count (R20)
    #: What evidence for every criterion of a kind must be like (R71): {"competence": {"pieces": 2, "occasions": 2}}.
    sufficiency = models.JSONField(default=dict, blank=True)
    #: Where competence may be shown, in the awarding body's words (R61): [{"setting", "by", "source", "text"}].
    settings = models.JSONField(default=list, blank=True)
    #: Awards of other bodies with the same structure: [{"body": "NCFE", "number": "601/3973/0"}].
    equivalents = models.JSONField(default=list, blank=True)
    #: How much of the award the centre has to assess (R79): {"units": 1, "credit": 12, "source": …}; {}: our own rule.
    assessed = models.JSONField(default=dict, blank=True)
    provenance = models.JSONField(default=dict)
    content_digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["awarding_body", "entry_code", "version"],
                condition=Q(centre=None),
                name="one_row_per_qualification_version",
            ),
            models.UniqueConstraint(
                fields=["centre", "awarding_body", "entry_code", "version"],
                condition=~Q(centre=None),
                name="one_row_per_own_qualification_version",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="qualification_versions_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_code} {self.title} v{self.version}"


class Group(Published):
    """A group of units with its part of the rule of combination (R20). Null means: no such limit."""

    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="groups")
    code = models.CharField(max_length=8)
    title = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()
    mandatory = models.BooleanField()
    min_credit = models.PositiveSmallIntegerField(null=True, blank=True)
    max_credit = models.PositiveSmallIntegerField(null=True, blank=True)
    exact_credit = models.PositiveSmallIntegerField(null=True, blank=True)
    min_units = models.PositiveSmallIntegerField(null=True, blank=True)
    max_units = models.PositiveSmallIntegerField(null=True, blank=True)
    complete = models.BooleanField()  # is the list of its units known to be whole?

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["qualification", "code"], name="one_group_per_code"),
            models.UniqueConstraint(fields=["qualification", "position"], name="one_group_per_position"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Place(Published):
    """Where a unit version stands in a qualification, with the number it has there: 3, F4, or null (R18)."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="places")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="places")
    number = models.CharField(max_length=12, null=True, blank=True)
    membership = models.CharField(max_length=12, choices=Membership.choices, default=Membership.READ)
    numbered = models.CharField(max_length=12, choices=Numbered.choices, default=Numbered.PRINTED)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(membership__in=Membership.values), name="place_membership_is_known"),
            models.CheckConstraint(condition=Q(numbered__in=Numbered.values), name="place_numbered_is_known"),
            models.UniqueConstraint(fields=["group", "unit"], name="one_place_per_unit"),
            models.UniqueConstraint(fields=["group", "position"], name="one_place_per_position"),
        ]

    def __str__(self) -> str:
        return f"{self.number or '–'} in group {self.group_id}"


class Draft(CentreOwned):
    """What a centre wants to publish: brought in, checked, and let through by a second person (R23)."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=8, choices=Source.choices)
    state = models.CharField(max_length=10, choices=DraftState.choices)
    revision = models.PositiveIntegerField(default=0)  # counts changes: an older page is told so
    file_name = models.CharField(max_length=200, default="")
    storage_key = models.CharField(max_length=120, default="")  # the bytes as they came, in the private store
    sha256 = models.CharField(max_length=64, default="")
    columns = models.JSONField(default=dict)  # which column of a sheet is what
    content = models.JSONField(default=dict)  # {"units": […], "qualifications": […]} in the words of the YAML files
    problems = models.JSONField(default=list)  # [{"row": 3, "column": "B", "sentence": …}]
    done = models.PositiveIntegerField(default=0)  # rows read so far, of `total`
    total = models.PositiveIntegerField(default=0)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, default="")  # why it was sent back
    #: What was current when it was sent to a second person: {"unit D-506-2119": digest, …} (R23).
    base = models.JSONField(default=dict)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(decided_by=F("author")) | Q(decided_by=None), name="draft_decided_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(state=DraftState.PUBLISHED) | Q(decided_by__isnull=False),
                name="draft_published_by_somebody",
            ),
        ]
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.title} ({self.state})"


class AboutCriterion(CentreOwned):
    """Base of what a centre says about a criterion. Rows are added, never changed: the highest `version` counts.

    A criterion is named by its unit's key and its number, so that what was said outlives a new version of the unit;
    `criterion` is the wording that the author had before them.
    """

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    unit_key = models.CharField(max_length=120)
    number = models.CharField(max_length=12)
    version = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "unit_key", "number", "version"], name="%(class)s_once_per_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_key} {self.number} v{self.version}"


class CriterionTag(AboutCriterion):
    """A centre's own themes of a criterion, in place of the published ones; null follows the published ones (R68)."""

    themes = models.JSONField(null=True)


class CriterionNote(AboutCriterion):
    """A criterion in plain words, with examples of good evidence. Both empty: the note was taken away."""

    words = models.TextField(default="")
    examples = models.TextField(default="")
