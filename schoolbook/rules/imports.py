"""The kinds of spreadsheets that can be imported. No Django here."""

from enum import StrEnum


class ImportKind(StrEnum):
    """What a spreadsheet brings."""

    STAFF = "staff"
    STUDENTS = "students"
    ASSIGNMENTS = "assignments"
