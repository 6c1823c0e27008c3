"""Benchmarks: this register, its peers and the bare driver in one run, printed as ratios."""
