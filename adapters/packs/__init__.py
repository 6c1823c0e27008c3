"""Policy packs: one YAML file a notice, read with file and line for everything that is wrong.

reading.py      bytes to text, problems, the line of every key
yaml_lines.py   YAML to plain values with lines
json_lines.py   JSON to plain values with lines
schemas.py      the model's declarations as marshmallow schemas
loader.py       a pack as a Policy
dossiers.py     dossier files
reports.py      what the command line prints
reference.py    the generated part of docs/packs.md
"""
