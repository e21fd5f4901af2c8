"""Sheets, marks, results: the mark book. Its rules compute every figure."""
