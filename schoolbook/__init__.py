"""Schoolbook: the electronic mark and assessment book of Vietnamese schools."""
