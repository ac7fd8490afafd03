"""The course of a case as one picture, with the same as a table: plain data in, shapes and words out.

No database and no guideline: what happened comes as `TimelineEvent`s, from the stored record or from a
snapshot, and pages, documents and the projector draw them alike.
"""
