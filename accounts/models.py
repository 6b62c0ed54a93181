"""People. One person has one login, whatever roles they hold in however many centres (R8, R128)."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from accounts.enums import Appearance, Density, PortfolioView
from common.ids import new_public_id


class UserManager(BaseUserManager["User"]):
    """Makes people; e-mail addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new person. No password given: they cannot sign in until they set one by an invitation."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person: learner, assessor, admin, often several at once."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    email = models.EmailField(unique=True)
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)
    density = models.CharField(max_length=10, choices=Density.choices, default=Density.AUTO)
    appearance = models.CharField(max_length=10, choices=Appearance.choices, default=Appearance.DEVICE)
    shortcuts_enabled = models.BooleanField(default=True)
    portfolio_view = models.CharField(max_length=10, choices=PortfolioView.choices, default=PortfolioView.AUTO)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["given_name", "family_name"]

    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Given and family name as one text."""
        return f"{self.given_name} {self.family_name}".strip()

    def get_full_name(self) -> str:
        """Return the full name (what the sign-in library asks for)."""
        return self.full_name


class Invitation(models.Model):
    """A one-time link to an account. Only the hash of its secret is kept."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    #: Which centre asks: its number. Names change and are not unique; `centre_name` is only shown.
    centre_number = models.CharField(max_length=5, default="")
    centre_name = models.CharField(max_length=160)
    roles = models.CharField(max_length=200)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"invitation for {self.person_id}"
