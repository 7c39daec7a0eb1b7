"""Widest gaps: every comparison as one point."""
