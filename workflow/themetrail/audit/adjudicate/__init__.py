"""The adjudication page: disagreements to decide, one by one, without a server."""
