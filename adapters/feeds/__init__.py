"""Calendar feeds: what a person has to do and to know of, as an iCalendar address of their own."""
