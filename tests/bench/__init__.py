"""Measured times of this project against others in the same run: `make bench`, or `python -m tests.bench`."""
