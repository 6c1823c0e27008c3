"""What can be asked of the views, one module a subject."""
