"""How the domain meets the world: log, views, packs, calendar, evidence, documents, messages."""
