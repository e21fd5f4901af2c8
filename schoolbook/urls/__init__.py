"""Addresses, nothing else. Each has a row in `schoolbook.rules.routes.ROUTES`."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from schoolbook.urls import accounts, audit, grants, imports, jobs, pupils, structure
from schoolbook.views import gallery, home, probes, school, session

pages = [
    path("", home.home, name="home"),
    path("sign-in/", session.sign_in, name="sign_in"),
    path("session/", session.session_state, name="session_state"),
    path("sign-out/", session.sign_out, name="sign_out"),
    path("schools/<int:school_id>/", school.school, name="school"),
    path("schools/<int:school_id>/history/", school.school_history, name="school_history"),
    path("schools/<int:school_id>/edit/", school.edit_school, name="edit_school"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("health/", probes.health, name="health"),
    path("ready/", probes.ready, name="ready"),
    *accounts.pages,
    *audit.pages,
    *grants.pages,
    *imports.pages,
    *jobs.pages,
    *pupils.pages,
    *structure.pages,
]

urlpatterns = [
    path("", include((pages, "schoolbook"))),
    # By name: the kernel knows no app above it.
    path("", include("gradebook.urls")),
    path("", include("approvals.urls")),
    path("language/", login_not_required(require_POST(set_language)), name="set_language"),
]

handler400 = "schoolbook.views.errors.bad_request"
handler403 = "schoolbook.views.errors.permission_denied"
handler404 = "schoolbook.views.errors.page_not_found"
handler500 = "schoolbook.views.errors.server_error"
