"""Staff: accounts with names and departments, matched by the staff code or, where the file has it, the user name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from schoolbook.models import Department, DepartmentMembership, ImportAct, User
from schoolbook.models.duties import DEPARTMENT as NO_TEAM
from schoolbook.rules import names
from schoolbook.rules.imports import STAFF
from schoolbook.rules.names import search_key
from schoolbook.rules.preview import Entry, Outcome
from schoolbook.rules.tables import Row
from schoolbook.services.imports.plan import KEY, LAST_DAY, Comparison, Plan
from schoolbook.services.imports.students import close_before
from schoolbook.services.imports.writing import Writer

IN_ACCOUNT = ("code", "full_name", "is_active")
KEYS = ("sort_key", "search_key", "exact_key")
DEPARTMENT = "department"
LONGEST_USERNAME = 64
USERNAME_HEADING = next(column.heading for column in STAFF if column.name == "username")


class Directory:
    """The accounts of a school by code, user name and name, and the departments with who is in them."""

    def __init__(self, act: ImportAct, *, lock: bool) -> None:
        accounts = User.objects.filter(school=act.school_id).order_by("pk")
        places = (
            DepartmentMembership.objects.filter(school=act.school_id, department__kind=NO_TEAM)
            .between(act.day, LAST_DAY)
            .select_related("department")
            .order_by("pk")
        )
        if lock:
            accounts = accounts.select_for_update(no_key=True, of=("self",))
            places = places.select_for_update(no_key=True, of=("self",))
        self.accounts = list(accounts)
        self.by_code = {user.code.casefold(): user for user in self.accounts if user.code}
        self.by_username = {user.username: user for user in self.accounts}
        self.without_code = {
            user.exact_key: user for user in reversed(self.accounts) if not user.code
        }
        self.departments = {
            search_key(department.name): department
            for department in Department.objects.filter(
                school=act.school_id, kind=NO_TEAM, is_active=True
            )
        }
        self.places: dict[int, list[DepartmentMembership]] = {}
        for place in places:
            self.places.setdefault(place.user_id, []).append(place)


class FreeNames:
    """User names that nobody has, given out in the order of the file (R-017, R-019); one query."""

    def __init__(self, abbreviation: str) -> None:
        self.abbreviation = abbreviation
        taken = User.objects.filter(username__endswith=f".{abbreviation}").order_by()
        self.taken = set(taken.values_list("username", flat=True))

    def give(self, full_name: str) -> str:
        """The next one for this name. Raises ValueError when none can be made of it."""
        for number in count(1):
            name = names.username(full_name, self.abbreviation, number)
            if len(name) > LONGEST_USERNAME:
                raise ValueError(name)
            if name not in self.taken:
                self.taken.add(name)
                return name
        raise AssertionError


def plan(act: ImportAct, *, lock: bool) -> Plan:
    """Compare the rows of the act with the accounts of the school; four queries, whatever their number."""
    comparison = Comparison(act)
    directory = Directory(act, lock=lock)
    free = FreeNames(act.school.abbreviation)
    for row in comparison.good_rows():
        user = _meant(row, directory, comparison)
        _compare_department(row, user, directory, comparison, act)
        values: dict[str, Any] = dict(row.values)
        if user:
            values = _compare_account(row, user, directory, comparison, act)
        else:
            values[KEY] = f"+ {values['code']}"  # no user name has a space
            _name_account(row, values, free, directory, comparison)
        comparison.take(row, values)
    comparison.refuse_repeated("code", "account_twice", "username", of="username")
    return Plan(comparison.preview(), _Write(act, directory))


def _meant(row: Row, directory: Directory, comparison: Comparison) -> User | None:
    by_code = directory.by_code.get(str(row.values["code"]).casefold())
    typed = str(row.values.get("username", "")).casefold()
    by_name = directory.by_username.get(typed)
    if typed and by_name is None:
        comparison.refuse(row, "username", "username_unknown", text=typed)
    elif by_name and by_code and by_name != by_code:
        who = {"code": by_code.code, "username": by_code.username}
        comparison.refuse(row, "username", "username_of_another", **who)
    return by_code or by_name


def _compare_account(
    row: Row, user: User, directory: Directory, comparison: Comparison, act: ImportAct
) -> dict[str, Any]:
    """What the row wants of an account that is there; one that was never used is opened again."""
    values: dict[str, Any] = {**row.values, KEY: user.username, "username": user.username}
    if values["code"].casefold() == user.code.casefold():
        values["code"] = user.code
    if not user.is_active:
        values["is_active"] = True
        if user.has_usable_password():
            comparison.refuse(row, "code", "account_deactivated", username=user.username)
    there = [p.department.name for p in directory.places.get(user.pk, ()) if p.begins_on <= act.day]
    wanted = values.get(DEPARTMENT)
    if wanted is not None and (found := directory.departments.get(search_key(wanted))):
        values[DEPARTMENT] = wanted = found.name
    comparison.present[user.username] = {
        "username": user.username,
        DEPARTMENT: wanted if wanted in there else ", ".join(there),
        **{name: getattr(user, name) for name in IN_ACCOUNT},
    }
    return values


def _compare_department(
    row: Row, user: User | None, directory: Directory, comparison: Comparison, act: ImportAct
) -> None:
    wanted = row.values.get(DEPARTMENT)
    if wanted is None:
        return
    department = directory.departments.get(search_key(str(wanted)))
    if department is None:
        known = ", ".join(found.name for found in directory.departments.values()) or "–"
        comparison.refuse(row, DEPARTMENT, "department_unknown", text=str(wanted), names=known)
    elif user:
        places = directory.places.get(user.pk, [])
        present = {place.department_id for place in places if place.begins_on <= act.day}
        planned = any(p.begins_on > act.day or p.ends_on for p in places)
        if department.pk not in present and (planned or len(places) > 1):
            comparison.refuse(row, DEPARTMENT, "departments_planned")


def _name_account(
    row: Row, values: dict[str, Any], free: FreeNames, directory: Directory, comparison: Comparison
) -> None:
    """Give a new account its user name, unless it may well be somebody who is there."""
    namesake = directory.without_code.get(names.exact_key(values["full_name"]))
    if namesake:
        who = {"username": namesake.username, "heading": USERNAME_HEADING}
        comparison.refuse(row, "full_name", "namesake", **who)
        return
    try:
        values["username"] = free.give(values["full_name"])
    except ValueError:
        comparison.refuse(row, "full_name", "no_username")


class _Write:
    """Writes accounts and then their places in departments."""

    def __init__(self, act: ImportAct, directory: Directory) -> None:
        self.act, self.directory = act, directory

    def __call__(self, entries: Sequence[Entry], writer: Writer) -> None:
        users = {entry.number: self._account(entry) for entry in entries}
        touched = [
            users[entry.number]
            for entry in entries
            if entry.outcome is Outcome.NEW or any(c.field in IN_ACCOUNT for c in entry.changes)
        ]
        writer.change([user for user in touched if user.pk], (*IN_ACCOUNT, *KEYS))
        writer.make([user for user in touched if not user.pk])
        joining = [
            (users[entry.number], entry.values[DEPARTMENT]) for entry in entries if _joins(entry)
        ]
        ended = [place for user, _ in joining for place in self._present(user)]
        writer.change(
            [close_before(place, self.act.day) for place in ended], ("ends_on", "withdrawn_on")
        )
        writer.make([self._place(user, str(name)) for user, name in joining])

    def _account(self, entry: Entry) -> User:
        user = self.directory.by_username.get(str(entry.values["username"]))
        if user is None:
            user = User(school_id=self.act.school_id, username=str(entry.values["username"]))
            user.set_unusable_password()
        for name in IN_ACCOUNT:
            setattr(user, name, entry.values.get(name, getattr(user, name)))
        user.sort_key = names.sort_key(user.full_name)
        user.search_key = names.search_key(user.full_name)
        user.exact_key = names.exact_key(user.full_name)
        return user

    def _present(self, user: User) -> Iterator[DepartmentMembership]:
        yield from self.directory.places.get(user.pk, ())

    def _place(self, user: User, name: str) -> DepartmentMembership:
        return DepartmentMembership(
            school_id=self.act.school_id,
            department=self.directory.departments[search_key(name)],
            user=user,
            begins_on=self.act.day,
        )


def _joins(entry: Entry) -> bool:
    if entry.outcome is Outcome.NEW:
        return DEPARTMENT in entry.values
    return any(change.field == DEPARTMENT for change in entry.changes)
