"""The course of a case: which report decides, what was done and came of it, and the facts that follow.

Each rule of the record's contract (`record.md`, parts 2 to 4) is a small module of its own, with the sentence
that it stands for. Pure: no database, no Django, nothing medical but what stands in data.
"""
