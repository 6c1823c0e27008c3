"""How the log earns trust: the notary signs what it has verified, outlets carry it away, verification goes through everything."""
