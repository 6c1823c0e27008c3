"""For auditors and for those whom data is about: one subsidy traced and bundled, one person told and erased."""
