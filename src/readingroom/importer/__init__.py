"""Hand-written pages to session files; ``run`` does the whole of it, and nothing here touches disk or network.

- ``blocks``: a page to headings, paragraphs and tables, with broken links, malformed tables and HTML repaired.
- ``inline``: the text of a line as spans, with its links; ``slicing`` cuts and splits them.
- ``dates``: dates in a text, and the days of a column: the order of their numbers and their missing years.
- ``people``: leads with their links and affiliations, in a cell, a line or a sentence.
- ``session``: the parts of one session (``entry``): date and time, title, status, labels and material.
- ``tables``: the columns of a table, tables in unusual layouts, and rows to entries.
- ``sections``: headings, lists, paragraphs, front matter and generated pages to entries; ``unread_dates`` reports the
  dates that no session was read from.
- ``vocabulary``: the words in several languages by which all of these recognise columns and labels.

``read`` gathers the entries of all pages, ``merge`` finds those that are one session, ``to_data`` and ``to_files`` make
session files of them, ``lint`` checks the pages, and ``replace_tables`` puts regions into the README.
"""
