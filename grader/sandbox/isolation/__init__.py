"""Isolation: the layers of the wall, and what this machine lacks of them."""
