"""Windows of entry, locks and unlocks."""

from django.urls import URLPattern, path

from gradebook.views import locks, windows

pages: list[URLPattern] = [
    path("windows/", windows.windows, name="windows"),
    path("windows/years/<int:year_id>/draft/", windows.draft_windows, name="draft_windows"),
    path("windows/<int:plan_id>/decide/", windows.decide_windows, name="decide_windows"),
    path("windows/<int:plan_id>/withdraw/", windows.withdraw_windows, name="withdraw_windows"),
    path("locks/", locks.locks, name="locks"),
    path("locks/ask/", locks.ask_lock, name="ask_lock"),
    path("locks/<int:lock_act_id>/", locks.lock_act, name="lock_act"),
    path("locks/<int:lock_act_id>/decide/", locks.decide_lock, name="decide_lock"),
    path("locks/<int:lock_act_id>/carry-out/", locks.carry_out_lock, name="carry_out_lock"),
    path("locks/own/<int:own_lock_act_id>/withdraw/", locks.withdraw_lock, name="withdraw_lock"),
]
