"""The tables of the kernel. Only this app's services write them."""

from schoolbook.models.chain import ActLink, GatheredHead, Gathering, Reseal
from schoolbook.models.clock import ClockOffset
from schoolbook.models.duties import AdminBoard, Department, DepartmentMembership, Duty
from schoolbook.models.grants import GroupGrant, PersonGrant
from schoolbook.models.imports import ImportAct, ImportState
from schoolbook.models.jobs import Job, JobError, JobState
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
    "ActLink",
    "ActivationSlip",
    "AdminBoard",
    "ClassGroup",
    "ClassListConfirmation",
    "ClassSubject",
    "ClockOffset",
    "Department",
    "DepartmentMembership",
    "Duty",
    "Enrolment",
    "Exemption",
    "GatheredHead",
    "Gathering",
    "GroupGrant",
    "Guardian",
    "HomeroomAssignment",
    "ImportAct",
    "ImportState",
    "Job",
    "JobError",
    "JobState",
    "Method",
    "PasswordChange",
    "PersonGrant",
    "RecoveryCode",
    "Regulation",
    "Reseal",
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
