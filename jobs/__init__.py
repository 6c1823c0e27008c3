"""What happens without anyone asking: deadlines, reminders, checkpoints, outbox, backups."""
