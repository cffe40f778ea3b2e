"""Sessions to Markdown: pages, archive, README regions, the issue form, and what a build must change."""
