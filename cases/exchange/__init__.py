"""What comes from other systems and what they read from us: lists, codes, calendars, signed decisions."""
