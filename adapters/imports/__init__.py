"""Whole files taken in: read line by line, checked whole, recorded in batches, and never twice."""
