"""The kinds of condition, a family a module. Each reads facts of a dossier and finds an outcome."""
