"""News of the kernel for the apps above it, which it does not know: each is sent in the transaction of the change.

A receiver that fails undoes the change. Receivers live in `receivers.py` of their app.
"""

from __future__ import annotations

from django.dispatch import Signal

# How a pupil stands in a subject has changed: exempted, or an exemption withdrawn.
# `exemption`: the row as it is now; `actor`: who changed it.
exemption_changed = Signal()

# How subjects are taught to a class has changed: periods, kind of assessment, terms.
# `class_subjects`: the rows as they are now, locked; `actor`: who changed them.
class_subjects_changed = Signal()
