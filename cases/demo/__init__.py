"""Demonstration data: a board, its people, and published cases in the record's own terms."""
