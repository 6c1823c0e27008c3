"""Rules as data: what a notice demands, and what a dossier makes of it.

policy.py     the model of one notice, as read from its pack
terms.py      its terms: stages, quotas, deadlines, publicity, assessment
money.py      subsidies: amounts, tiers, limits, parts; what they may be used for
term_faults.py, consistency.py  what a pack's parts say of each other
forms.py      the official form as data
model.py      how a part of the model declares its keys
shapes.py     what a value of a dossier may look like; JSON Schema and problems from one source
facts.py      the vocabulary of facts that conditions read
dossier.py    a category's dossier: its schema, its blank, what is wrong with one
kinds/        the kinds of condition, a family a module
conditions.py the table of kinds
evaluate.py   one verdict per condition
workdays.py   working-day periods
"""
