"""CDS Hooks 2.0: what other systems ask while they show a patient."""
