"""The evidence explorer: one page from a sentence of the paper to the transcript, and back."""
