"""Pairing of cities: an exact, explained and reproducible optimum, free of any framework."""
