"""The tables of the kernel. Only this app's services write them."""

from schoolbook.models.duties import Duty
from schoolbook.models.people import User
from schoolbook.models.school import School
from schoolbook.models.security import (
    Acceptance,
    ActivationSlip,
    Method,
    PasswordChange,
    RecoveryCode,
    SecondFactor,
    Session,
    SlipKind,
)

__all__ = [
    "Acceptance",
    "ActivationSlip",
    "Duty",
    "Method",
    "PasswordChange",
    "RecoveryCode",
    "School",
    "SecondFactor",
    "Session",
    "SlipKind",
    "User",
]
