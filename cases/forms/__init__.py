"""Forms, by journey; every fact field is built from the guideline's definition of that fact."""
