"""The tables of the kernel. Only this app's services write them."""

from schoolbook.models.duties import Duty
from schoolbook.models.people import User
from schoolbook.models.school import School

__all__ = ["Duty", "School", "User"]
