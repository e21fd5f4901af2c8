"""The product's own settings in the mode for tests, with cheap password hashes."""

import os

os.environ["SCHOOLBOOK_MODE"] = "test"

from schoolbook.settings import *  # noqa: F403 - the mode must be set first

PASSWORD_HASHERS = ["schoolbook.passwords.CheapArgon2"]
