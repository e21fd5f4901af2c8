"""Hypothesis as these tests want it: the same examples every time, no deadline on a busy machine."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("rules", deadline=None, derandomize=True, max_examples=150)
settings.load_profile("rules")
