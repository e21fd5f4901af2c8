"""Confirmed sheets and classes."""

from django.urls import URLPattern

pages: list[URLPattern] = []
