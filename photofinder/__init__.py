"""PhotoFinder: find your own photos by asking in Spanish, on your own machine."""

__version__ = "0.1.0"
