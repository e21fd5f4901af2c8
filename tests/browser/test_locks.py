"""A lock in the browser: met, asked about, decided, carried out, typed past, and closed again by itself."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from gradebook.models import LockAct, Mark
from gradebook.services import locks
from schoolbook import clock
from schoolbook.models import ClockOffset
from tests import cast
from tests.browser.axe import violations
from tests.browser.conftest import NARROW, WIDE, Visit
from tests.browser.stage import in_database
from tests.browser.test_sheet import FIRST, cell, expect_saved, go, open_sheet
from tests.browser.words import say
from tests.conftest import Committed
from tests.gradebook.closing import lock
from tests.gradebook.rows import as_owner
