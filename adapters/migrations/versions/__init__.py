"""The migrations in their order, one module each."""
