"""Pages of the mark book: HTTP in and out."""
