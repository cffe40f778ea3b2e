"""Session files to data and back: YAML, JSON Schema, the catalogue, generated text and lint rules."""
