"""News of the mark book for the apps above it, which it does not know: each is sent in the transaction of the change.

A receiver that fails undoes the change. Receivers live in `receivers.py` of their app.
"""

from __future__ import annotations

from django.dispatch import Signal

# Cells of a sheet were written, by typing, an import, a paste or fill, or the undoing of one.
# `sheet_id`: which sheet, locked; `cells`: the cells, each as pupil, component and number; `actor`: who wrote them;
# `book`: the sheet as it was opened for them.
cells_written = Signal()
