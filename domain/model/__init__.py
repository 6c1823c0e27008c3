"""Aggregates: what the register keeps, each with its past-tense events."""
