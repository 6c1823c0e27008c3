"""People and programs come in here: the JSON API, the pages, their forms and their sessions."""
