"""What other systems read from us: the codes they know, and calendars."""
