"""Pages and fragments, by journey. A view reads the request, calls one action or builder, and answers."""
