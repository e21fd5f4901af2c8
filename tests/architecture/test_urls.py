"""Every URL × method × actor answers as the policy says, swapped ids included; a URL without a row fails."""

import pytest
from django.db import transaction
from django.test import Client, override_settings

from schoolbook.rules.permissions import Action, Role, Scope, scopes
from schoolbook.rules.routes import ROUTES, Openness
from tests import cast
from tests.architecture import urls

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
ANONYMOUS = "anonymous"
ACTORS = [
    pytest.param(ANONYMOUS, id="anonymous"),
    pytest.param(cast.AN, id="administrator"),
    pytest.param(cast.BINH, id="principal"),
    pytest.param(cast.THU, id="vice-principal"),
    pytest.param(cast.CHI, id="teacher of the class"),
    pytest.param(cast.MINH, id="teacher and homeroom teacher of another class"),
    pytest.param(cast.OANH, id="former teacher of the class"),
    pytest.param(cast.LAN, id="homeroom teacher of the class"),
    pytest.param(cast.PHUC, id="head of the teacher's department"),
    pytest.param(cast.UYEN, id="head of another department"),
    pytest.param(cast.VAN, id="delegate"),
    pytest.param(cast.TAN, id="delegate by the team"),
    pytest.param(cast.XUAN, id="delegate until yesterday"),
    pytest.param(cast.QUYEN, id="clerk"),
    pytest.param(cast.SON, id="inspector"),
    pytest.param(cast.DUNG, id="former administrator"),
    pytest.param(cast.GIANG, id="future administrator"),
    pytest.param(cast.HAI, id="deactivated administrator"),
    pytest.param(cast.KHANH, id="administrator of another school"),
    pytest.param(cast.YEN, id="homeroom teacher of another school"),
]
# What each is today, beside a member of the staff; a duty of 6A, or 10A next door, reaches the examples.
ROLES = {
    cast.AN: {Role.ADMIN},
    cast.BINH: {Role.PRINCIPAL},
    cast.THU: {Role.VICE_PRINCIPAL},
    cast.CHI: {Role.SUBJECT_TEACHER},
    cast.MINH: {Role.SUBJECT_TEACHER, Role.HOMEROOM_TEACHER},
    cast.LAN: {Role.HOMEROOM_TEACHER},
    cast.PHUC: {Role.DEPARTMENT_HEAD},
    cast.UYEN: {Role.DEPARTMENT_HEAD},
    cast.VAN: {Role.DELEGATE},
    cast.TAN: {Role.DELEGATE},
    cast.QUYEN: {Role.CLERK},
    cast.SON: {Role.INSPECTOR},
    cast.KHANH: {Role.ADMIN, Role.SUBJECT_TEACHER},
    cast.YEN: {Role.HOMEROOM_TEACHER},
}
# A method that no address takes is refused before anybody is asked for a right: three are enough to try them all.
EVERY_METHOD = {ANONYMOUS, cast.AN, cast.KHANH}
SOME_SUBJECTS = {Scope.TAUGHT_SUBJECTS, Scope.OWN_DEPARTMENT, Scope.GRANTED}
REACH_ELSEWHERE_ONLY = {cast.MINH, cast.UYEN}
SIGN_IN, MISSING, FORBIDDEN, WRONG_METHOD = 302, 404, 403, 405
ANSWERED = {
    200,
    302,
    401,
    422,
    503,
}  # 401: `session_state` for nobody; 503: `ready` without a queue


def test_every_url_has_a_row_and_every_row_a_url():
    assert urls.names() == sorted(ROUTES)


def expected(actor, name, method, school):
    """The status that the policy asks for; ANSWERED where the view itself decides which."""
    route = ROUTES[name]
    asked = "GET" if method == "HEAD" else method
    signed_in = actor != ANONYMOUS and actor.active
    open_to_all = Openness.ANYBODY in route.methods.values()
    if not signed_in and not open_to_all:
        return {SIGN_IN}
    if asked not in route.methods:
        return {WRONG_METHOD}
    need = route.methods[asked]
    if need is Openness.OWN and actor != urls.OWNERS[school]:
        return {MISSING}
    if not isinstance(need, Action):
        return ANSWERED
    if actor not in cast.CAST[school] and urls.takes_an_id(name):
        return {MISSING}
    if not urls.IN_A_CLASS.isdisjoint(urls.arguments(name)) and not reaches(
        actor, Action.VIEW_CLASS
    ):
        return {MISSING}
    if urls.IN_A_CLASS.isdisjoint(urls.arguments(name)):
        return ANSWERED if reach(actor, need) else {FORBIDDEN}
    if name in urls.WHOLE_CLASS and reach(actor, need) <= SOME_SUBJECTS:
        return {FORBIDDEN}
    return ANSWERED if reaches(actor, need) else {FORBIDDEN}


def reach(actor, action):
    """How far the right of this person goes."""
    return scopes({Role.MEMBER, *ROLES.get(actor, ())}, action)


def reaches(actor, action):
    """Whether the right covers the class that the examples are in."""
    found = reach(actor, action)
    return Scope.OWN_SCHOOL in found or bool(found and actor not in REACH_ELSEWHERE_ONLY)


@pytest.mark.django_db
@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("school", [cast.SONG_LAM, cast.DOI_THONG], ids=["own", "swapped"])
def test_every_method_of_every_address_is_answered_as_the_policy_says(actor, school, as_person):
    target = cast.song_lam() if school is cast.SONG_LAM else cast.doi_thong()
    client = Client() if actor == ANONYMOUS else as_person(actor)
    wrong = []
    for name in sorted(ROUTES):
        if school is cast.DOI_THONG and not urls.takes_an_id(name):
            continue  # the same address as at home
        path = urls.address(name, target)
        for method in METHODS if actor in EVERY_METHOD else ("GET", "POST"):
            status = answer(client, method, path)
            if status not in expected(actor, name, method, school):
                wrong.append(f"{method} {path} ({name}): {status}")
    assert wrong == []


def answer(client, method, path):
    """The status of the answer; what the request changed is undone."""
    before = {name: cookie.value for name, cookie in client.cookies.items()}
    with transaction.atomic():
        status = client.generic(method, path).status_code
        transaction.set_rollback(True)
    for name, value in before.items():
        client.cookies[name] = value
    return status


@pytest.mark.django_db
def test_nothing_has_changed_after_a_walk_over_every_reading_address(as_person):
    client = as_person(cast.AN)
    for name in ROUTES:
        client.get(urls.address(name, cast.song_lam()))
    assert cast.song_lam().version == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", sorted(name for name, route in ROUTES.items() if "POST" in route.methods)
)
def test_every_post_asks_for_the_token_of_its_form(name):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.user(cast.AN), "django.contrib.auth.backends.ModelBackend")
    assert client.post(urls.address(name, cast.song_lam())).status_code == FORBIDDEN


@pytest.mark.django_db
def test_the_gallery_is_for_the_demo(as_person):
    for name, route in ROUTES.items():
        if Openness.DEMO in route.methods.values():
            with override_settings(MODE="production"):
                response = as_person(cast.AN).get(urls.address(name, cast.song_lam()))
            assert response.status_code == MISSING
