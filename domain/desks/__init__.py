"""Use cases, one desk a file: get, act, save. Who may do what, and what is saved together."""
