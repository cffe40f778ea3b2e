"""Text for one destination each: escaped for Markdown, cleaned as HTML, plain, without mentions or secrets."""
