"""The append-only, tamper-evident log: recorder, hash tree, proofs, checkpoints and sealing."""
