"""What others than readers see of the site: search engines, and programs that show a preview of a link."""
