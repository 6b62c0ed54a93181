"""People. One person has one login, whatever roles they hold in however many centres (R8, R128)."""

from collections.abc import Iterable
from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.signing import Signer
from django.db import models, transaction
from django.db.models.functions import Lower

from accounts.enums import Appearance, Density, PortfolioView
from accounts.rules import LONGEST_ADDRESS, plain_address
from common.ids import new_public_id


class UserManager(BaseUserManager["User"]):
    """Makes people. Each gets the row by which the sign-in library knows their address, in the same transaction.

    The row says "verified" from the start: nobody signs in before they opened a link from that mailbox, and whoever has
    the mailbox is whose account it is. Without a row the library makes one that says "not verified" at the first look.
    """

    @transaction.atomic
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new person. No password given: they cannot sign in until they set one by an invitation."""
        user = self.model(email=plain_address(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    @transaction.atomic
    def bulk_create(self, objs: Iterable["User"], *args: Any, **options: Any) -> list["User"]:
        """Return many new people at once, each with their row."""
        people = super().bulk_create(objs, *args, **options)
        EmailAddress.objects.bulk_create(
            EmailAddress(user=user, email=user.email.lower(), verified=True, primary=True) for user in people
        )
        return people


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


class AddressChange(models.Model):
    """The address somebody wants to sign in with from now on. It is nobody's until a link from its mailbox is opened.

    It stands apart from the library's own rows on purpose: those sign people in, get letters for new passwords and
    close the second step, whether an address was confirmed or not.
    """

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="address_change")
    address = models.EmailField(max_length=LONGEST_ADDRESS)
    asked_at = models.DateTimeField()
    #: When the last letter went there; none has gone yet when empty.
    sent_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"another address for {self.person_id}"

    @property
    def key(self) -> str:
        """What the link in the letter carries: the row's name, signed, so that nothing secret is kept."""
        return address_signer().sign(self.public_id)


def address_signer() -> Signer:
    """Return what signs and checks the links that confirm an address."""
    return Signer(salt="accounts.address")


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
