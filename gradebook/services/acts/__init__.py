"""Acts over many cells: paste, fill, import and taking over; looked at, done as a whole, undone as a whole."""

from gradebook.services.acts.applying import apply
from gradebook.services.acts.bringing import bring
from gradebook.services.acts.files import Chosen, start
from gradebook.services.acts.previewing import Asked, Wanted, preview
from gradebook.services.acts.undoing import in_the_way, undo
from gradebook.services.acts.writing import Done, NotAsShown

__all__ = [
    "Asked",
    "Chosen",
    "Done",
    "NotAsShown",
    "Wanted",
    "apply",
    "bring",
    "in_the_way",
    "preview",
    "start",
    "undo",
]
