"""What a signature froze, written once and read for ever.

`write` makes a snapshot of what the board saw, in format 2. `read` turns one of any format into `Frozen`,
which pages and documents of a signed decision show. The reading half imports nothing else of ours: labels and
words come from the snapshot, and where format 1 lacks them, from the tables it was written with
(`words_v1.json`, `record_v1.json`), which never change again.
"""
