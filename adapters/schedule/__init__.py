"""What the scheduler keeps: who may act (the lease), what was run, and when nobody was there."""
