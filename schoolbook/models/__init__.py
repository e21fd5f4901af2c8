"""The tables of the kernel. Only this app's services write them."""

from schoolbook.models.duties import AdminBoard, Department, DepartmentMembership, Duty
from schoolbook.models.imports import ImportAct, ImportState
from schoolbook.models.people import User
from schoolbook.models.school import Regulation, School
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
from schoolbook.models.structure import (
    ClassGroup,
    ClassSubject,
    HomeroomAssignment,
    SchoolYear,
    Subject,
    TeachingAssignment,
)
from schoolbook.models.students import (
    ClassListConfirmation,
    Enrolment,
    Exemption,
    Guardian,
    Student,
)

__all__ = [
    "Acceptance",
    "ActivationSlip",
    "AdminBoard",
    "ClassGroup",
    "ClassListConfirmation",
    "ClassSubject",
    "Department",
    "DepartmentMembership",
    "Duty",
    "Enrolment",
    "Exemption",
    "Guardian",
    "HomeroomAssignment",
    "ImportAct",
    "ImportState",
    "Method",
    "PasswordChange",
    "RecoveryCode",
    "Regulation",
    "School",
    "SchoolYear",
    "SecondFactor",
    "Session",
    "SlipKind",
    "Student",
    "Subject",
    "TeachingAssignment",
    "User",
]
