"""The chapters of a studio's life, in order: intake, publicity, naming, subsidy, checks, ledgers."""
