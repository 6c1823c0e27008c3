"""Messages: what is said to whom, kept in the commit that caused it, and carried out by several ways."""
