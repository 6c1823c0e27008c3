"""Read models: versioned rows that follow the log, and the questions they answer.

A map. `tables.py` has the views and what their columns mean; `folds/` how events change them;
`projector.py` follows the log; `rebuild.py` refolds and compares; `queries.py` answers.

Every answer is JSON-ready: ids and dates as text, moments in UTC, money in fen, personal values as
`{"subject", "field", "token"}`. Every question takes `as_of`, a log position, None for now; from a
moment `Queries.position_at(moment)` makes one. A position within a command counts as its end.

Lists:      listed(name, *, as_of, scope, search, filters, sort, descending, cursor, limit, count)
            → {"items", "total", "next", "as_of"}; `next` is the cursor of the next page, which stays
            at the first page's moment. name: a view's, such as studios, applications, namings.
            scope: an organisation's id; only what is at it or below. filters: column → value, or a
            list of values, or {"from": …, "to": …}; for namings and checks also `effective_on` → a
            business date: what held on it, as known at as_of. every(name, …) yields all rows, for
            exports; counts(name, by, …) groups.
Records:    one(name, id), organisation(id), account(id), account_named(username), studio(id),
            naming(studio, number), application(id), call(id), notice(id); all take as_of, raise
            NotFound, and give the record's `version` for `Mandate.seen`.
            grid(years=(2024, 2026), scope=…, …) is a page of namings with their years' results
Campaigns:  progress(campaign, rule) tells how far each union is with a year's results,
            unassessed(campaign) yields the namings without one; due_campaigns(policies, timing_of,
            on) and closable(timing_of, on) say what a day asks for
Money:      fund(id, effective_on=…) with its ledger, up to a business date if one is given,
            grant(id) with payments and expenses,
            trace(grant) → {"grant", "steps": [{"step", "title", "events", "details"}], "as_of"}
History:    timeline(record=…, account=…, topics=…, scope=…, between=…, as_of=…, after=…),
            event(position), changes(start, end), versions(name, id), request(request_id),
            position_at(moment), last()

What an id in a row refers to is told beside it: `unit_name` beside `unit`, `studio_name`, and so on.
Names of categories, honours and uses are the policy's: look them up by `policy` and `category`.
"""
