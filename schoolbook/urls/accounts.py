"""Accounts and security: one's own, and those of the school."""

from django.urls import path

from schoolbook.views import account, activation, second_factor, security, sessions

pages = [
    path("activate/", activation.activate, name="activate"),
    path("activate/complete/", activation.complete_activation, name="complete_activation"),
    path("second-factor/", second_factor.second_factor, name="second_factor"),
    path("account/", account.my_account, name="my_account"),
    path("account/address/", account.change_address, name="change_address"),
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
