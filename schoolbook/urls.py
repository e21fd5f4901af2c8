"""Addresses, nothing else. Each has a row in `schoolbook.rules.permissions.ROUTES`."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from schoolbook.views import (
    account,
    activation,
    gallery,
    home,
    probes,
    school,
    second_factor,
    security,
    session,
    sessions,
)

pages = [
    path("", home.home, name="home"),
    path("sign-in/", session.sign_in, name="sign_in"),
    path("sign-out/", session.sign_out, name="sign_out"),
    path("schools/<int:school_id>/", school.school, name="school"),
    path("schools/<int:school_id>/history/", school.school_history, name="school_history"),
    path("schools/<int:school_id>/edit/", school.edit_school, name="edit_school"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("health/", probes.health, name="health"),
    path("ready/", probes.ready, name="ready"),
    # Accounts and security
    path("activate/", activation.activate, name="activate"),
    path("activate/complete/", activation.complete_activation, name="complete_activation"),
    path("second-factor/", second_factor.second_factor, name="second_factor"),
    path("account/", account.my_account, name="my_account"),
    path("account/password/", account.change_password, name="change_password"),
    path(
        "account/second-factor/",
        second_factor.set_up_second_factor,
        name="set_up_second_factor",
    ),
    path("account/sessions/<uuid:public_id>/end/", sessions.end_session, name="end_session"),
    path("account/sessions/end/", sessions.end_other_sessions, name="end_other_sessions"),
    path("account/statement/", account.statement, name="statement"),
    path("accounts/", security.security, name="security"),
    path("accounts/open/", security.open_account, name="open_account"),
    path("accounts/<int:user_id>/", security.account, name="account"),
    path("accounts/<int:user_id>/slip/", security.issue_slip, name="issue_slip"),
    path("accounts/<int:user_id>/deactivate/", security.deactivate, name="deactivate"),
    path("accounts/<int:user_id>/reactivate/", security.reactivate, name="reactivate"),
    path("slips/<int:slip_id>/confirm/", security.confirm_slip, name="confirm_slip"),
]

urlpatterns = [
    path("", include((pages, "schoolbook"))),
    path("language/", login_not_required(require_POST(set_language)), name="set_language"),
]

handler400 = "schoolbook.views.errors.bad_request"
handler403 = "schoolbook.views.errors.permission_denied"
handler404 = "schoolbook.views.errors.page_not_found"
handler500 = "schoolbook.views.errors.server_error"
