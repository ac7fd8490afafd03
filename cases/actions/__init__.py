"""Every write to the record: keyword-only, `by=` the person, one transaction, one audit event."""
