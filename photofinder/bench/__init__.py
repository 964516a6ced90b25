"""Measures the program: how fast, how much memory, and how far from what the machine could do at best.

Every part answers with ``figures.Part``: medians of several runs, beside each the limit that the machine sets and the
target that the project set itself. Nothing here touches the person's own catalogue.
"""
