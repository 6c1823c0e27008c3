"""One file for each story of the notices, told through the API."""
