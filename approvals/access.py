"""Fetching is checking, for requests of corrections."""

from __future__ import annotations
