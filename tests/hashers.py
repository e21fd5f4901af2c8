"""Argon2 as cheap as it goes: the tests sign in often and guard nothing."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2(Argon2PasswordHasher):
    """One pass over eight KiB."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
