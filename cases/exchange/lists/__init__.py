"""Cases that come as a list: a CSV or XLSX file, a row a case.

`files` reads the file within limits, `fields` says what a column can fill, `mapping` what one does fill and
what its words mean, `rows` makes a case file of each row; `papers` writes the template and what came back.
Nothing here guesses: what can be read in two ways is a question, and its rows wait.
"""
