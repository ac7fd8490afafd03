"""Pages that let a person read and check the encoded guideline. None of them knows a patient."""
