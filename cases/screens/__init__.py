"""What pages show, as plain data; nothing of HTTP."""
