"""Hypothesis as these tests want it: the same examples every time, and no deadline."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("rules", deadline=None, derandomize=True, max_examples=100)
settings.load_profile("rules")
