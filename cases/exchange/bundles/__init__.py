"""A FHIR R4 bundle of a patient with a tumor, read into proposals for the case file, fact by fact.

`intake` opens the bytes within limits, `elements` looks into plain dicts of any shape, `tumors` tells the
tumors of the bundle apart, `observations` and `courses` read what is found, `reading` puts it together. What
others call things stands in `codes.yaml`. Nothing here stores anything: a person accepts each proposal.
"""
