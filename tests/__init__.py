"""Tests mirror the tree; tests/journeys tells whole lives, tests/bench measures."""
