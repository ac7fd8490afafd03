"""What a board does, in numbers: for any boards and any period, counted from a few bulk queries.

`history` reads, `counting` counts without a database, `definitions` says what each number means, `report` is
all of them as plain data, `drawing` makes pictures of it, `shown` leaves out what not everybody may know.
"""
