"""The interface for other programs, below /api/v1/: a token instead of a log-in, JSON in and out.

Each call goes through the same door and the same actions as a page, and leaves one event. What goes wrong
is said as RFC 9457 has it.
"""
