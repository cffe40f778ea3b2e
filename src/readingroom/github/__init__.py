"""The API client; brings proposals, pages and the report of errors on GitHub to the intended state."""
