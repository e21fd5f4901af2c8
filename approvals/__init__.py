"""Corrections after a book is closed: the request, its approval, its witnesses and its print."""
