"""What happens in the mark books of a demo school."""
