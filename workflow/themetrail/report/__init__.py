"""From tables to a paper: facts, the manuscript, tables, figures, and their rendering."""
