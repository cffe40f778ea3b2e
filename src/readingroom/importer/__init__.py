"""A group's hand-written pages to session files; nothing here touches the world.

``work`` does the whole of it. The way of a page, and where to look for what:

- Text to blocks: ``page`` has the headings, paragraphs and tables of Markdown, ``markup`` and ``cards`` those of
  HTML, ``rough`` tables that GitHub does not show, ``counted`` days that Markdown takes for numbers, ``mended`` links
  that it does not read. ``words`` is a line as a reader sees it; ``cutting`` cuts and parts such lines.
- Days: ``forms`` has the patterns and ``names`` the months, ``dates`` reads one day, ``daymark`` finds where in a
  line it stands, ``short`` makes sure of 2/5, ``moment`` adds the hour. ``when`` decides all days of a column:
  ``doubts`` which are two days or have the month first, ``orders`` whether day, month or year is first, ``years``
  which year is left out, after what ``hints`` and ``terms`` find.
- Tables to entries: ``upright``, ``compact``, ``monthly``, ``weekdays``, ``beside`` and ``mixed`` bring them into one
  form, ``columns`` says what a head is about, ``layout`` what each column holds, ``looks`` how its cells look and
  ``purpose`` which tables are schedules; ``tables`` reads the rows.
- All else to entries: ``outline`` goes through a page, ``listing`` and ``spread`` read its lists, ``ending`` paragraphs
  with a day at their end, ``labelling`` and ``caption`` labels, ``front`` the front matter, ``own`` the pages that
  readingroom made. ``leftover`` tells each day that none read.
- What stands beside a day: ``beneath`` finds the title below it, ``lines`` parts it where ``leading`` finds people,
  ``topic`` has titles, ``stacked`` those of several lines, ``asides`` the labels behind them, ``roster``, ``parting``,
  ``piece``, ``people`` and ``speech`` leads, ``status`` what is no session, ``reading``, ``material`` and ``items``
  material. ``vocabulary`` has the words for all of it.
- Entries to files: ``entry`` is one session, ``schedule`` gathers those of all pages, ``joining`` finds those that
  belong together and ``merging`` makes one of two, ``convert`` makes data of them and ``sessions`` files.
  ``inspection`` says what is wrong with a page, ``readme`` puts regions into it.
"""
