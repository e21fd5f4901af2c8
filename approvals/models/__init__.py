"""Requests for corrections."""
