"""The log of sealed rows: leaves, the roots of full tiles, heads, the keys that sign. All append-only but `Mark`."""

from django.db import models
from django.db.models import Q


class Leaf(models.Model):
    """A row that was sealed: where it stands in the log, and the hash of its record. Append-only."""

    index = models.BigIntegerField(primary_key=True)  # 0, 1, 2 … without a gap; taken twice, the second sealer fails
    table = models.CharField(max_length=60)  # as in ledger.registry
    row = models.BigIntegerField()
    form = models.PositiveSmallIntegerField()
    salt = models.BinaryField(max_length=16)  # hides words of people: whoever has the record alone cannot guess them
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name_plural = "leaves"
        constraints = [
            models.UniqueConstraint(fields=["table", "row"], name="leaf_once_a_row"),
            models.CheckConstraint(condition=Q(index__gte=0), name="leaf_index_counts_from_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.index}: {self.table} {self.row}"


class Tile(models.Model):
    """The root of a full tile: 256 leaves at level 1, 256 tiles of the level below above that. Append-only."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="tile_once")]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class Head(models.Model):
    """How many leaves there were after a sealing, and the root over them. Append-only."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sealed_at"], name="head_sealed_at")]

    def __str__(self) -> str:
        return f"{self.size} leaves, {self.sealed_at:%Y-%m-%d %H:%M:%S}"


class SigningKey(models.Model):
    """A public key that signs heads from a size on; the newest row signs. Append-only, and sealed like other rows."""

    verifier = models.CharField(max_length=255, unique=True)  # name+id+key, as others keep it
    from_size = models.BigIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.verifier


class Mark(models.Model):
    """How far a table was looked through. A help for the sealer alone: nothing is proved by it.

    Up to `below` no row is looked for any more; `seen` was the last one at `seen_at`, and becomes `below`
    an hour later, when whatever was being written then is there or will never be.
    """

    table = models.CharField(primary_key=True, max_length=60)
    below = models.BigIntegerField(default=0)
    seen = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.table} up to {self.below}"
