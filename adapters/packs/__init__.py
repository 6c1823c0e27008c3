"""Policy packs: one YAML file a notice, read with file and line for everything that is wrong.

reading.py      bytes to text to plain values, with the line of every key
schemas.py      the model's declarations as marshmallow schemas
loader.py       a pack as a Policy
dossiers.py     dossier files
calendars.py    is in adapters/calendar.py
reports.py      what the command line prints
reference.py    the generated part of docs/packs.md
"""
