"""People who sign in, and the actor under whose name jobs run."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from schoolbook.models.audit import History
from schoolbook.models.school import School
from schoolbook.models.triggers import audited

SYSTEM_USERNAME = "system"


class UserManager(BaseUserManager["User"]):
    """Finds accounts by name, however the name is typed, and their school with them: every page needs it."""

    def get_queryset(self) -> models.QuerySet[User]:
        """Join the school."""
        return super().get_queryset().select_related("school")

    def get_by_natural_key(self, username: str | None) -> User:
        """The account of this user name; capital letters and spaces around it do not matter."""
        return self.get(username=(username or "").strip().lower())

    def system(self) -> User:
        """The actor of jobs and commands; nobody can sign in as it."""
        return self.get(username=SYSTEM_USERNAME)


class User(AbstractBaseUser):
    """An account of one person at one school; ended, never deleted (R-001, R-003)."""

    username = models.CharField(_("user name"), max_length=64, unique=True)
    full_name = models.CharField(_("full name"), max_length=150)
    code = models.CharField(
        _("staff code"),
        max_length=30,
        blank=True,
        help_text=_("As in the lists of the sector's database; by it lists are matched."),
    )
    email = models.EmailField(
        _("e-mail address"),
        blank=True,
        help_text=_(
            "Chosen by its owner; where the operator has set up e-mail, news of work goes there."
        ),
    )
    school = models.ForeignKey(
        School,
        verbose_name=_("school"),
        on_delete=models.PROTECT,
        null=True,
        related_name="staff",
    )
    # Made by rules.names; compared byte by byte, so every PostgreSQL sorts and finds alike.
    sort_key = models.CharField(max_length=600, editable=False, db_collation="C")
    search_key = models.CharField(max_length=300, editable=False, db_collation="C")
    exact_key = models.CharField(max_length=300, editable=False, db_collation="C")
    is_active = models.BooleanField(_("may sign in"), default=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]

    objects = UserManager()
    # A history of passwords would be a treasure for thieves, and one of sign-ins is another log's business.
    history = History(
        excluded_fields=["password", "last_login", "sort_key", "search_key", "exact_key"]
    )

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(username__regex=r"^[a-z0-9_.]{2,64}$"),
                name="user_username_plain",
            ),
            models.CheckConstraint(
                condition=models.Q(school__isnull=False) | models.Q(username=SYSTEM_USERNAME),
                name="user_has_school_unless_system",
            ),
            models.CheckConstraint(
                condition=~models.Q(username=SYSTEM_USERNAME) | models.Q(password__startswith="!"),  # noqa: S106 - the sign of an account without one
                name="user_system_cannot_sign_in",
            ),
            models.UniqueConstraint(
                "school",
                Lower("code"),
                condition=~models.Q(code=""),
                name="user_code_once",
                violation_error_message=_("Somebody else of the school has this staff code."),
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return self.full_name

    @property
    def is_system(self) -> bool:
        """Whether this is the actor of jobs and commands."""
        return self.username == SYSTEM_USERNAME
