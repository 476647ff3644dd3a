"""From every number and word of the paper back to the transcript, for those who check."""
