"""A signed decision as an HL7 v2 message, and the ways by which it reaches a hospital's own record."""
