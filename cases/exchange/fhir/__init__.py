"""A signed decision as a FHIR R4 document, made of its snapshot and of nothing else."""
