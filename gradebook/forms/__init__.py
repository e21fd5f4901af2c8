"""What is typed into the forms of the mark book: shape and coercion of input."""
