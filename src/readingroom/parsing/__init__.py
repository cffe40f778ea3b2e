"""What people type: dates, times, people, reading items and links."""
