"""Searching: a query to ranked photos. Vectors in memory, exact or by annoy, and what their scores mean."""
