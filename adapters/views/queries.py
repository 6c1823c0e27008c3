"""Questions to the views, all in one place; the package's docstring is their map."""

from __future__ import annotations

from adapters.views.questions.campaigns import Campaigns
from adapters.views.questions.chains import Chains
from adapters.views.questions.history import History
from adapters.views.questions.results import Results


class Queries(Chains, History, Campaigns, Results):
    """Every read, now or as of a past moment."""
