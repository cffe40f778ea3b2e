"""What the jobs of the workflow do, one file each; `readingroom run` calls the one that the event asks for."""
