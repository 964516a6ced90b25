"""Pixels and phrases to vectors."""
