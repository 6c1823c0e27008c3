"""Read models: versioned rows that follow the log, and the questions they answer."""
