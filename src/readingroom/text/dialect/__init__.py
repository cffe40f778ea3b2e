"""What GitHub adds to CommonMark, each as rules for the parser markdown-it."""
