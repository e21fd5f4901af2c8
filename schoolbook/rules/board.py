"""How many sit on an admin board (R-004). No Django here."""

FEWEST_ON_BOARD, MOST_ON_BOARD = 3, 5
