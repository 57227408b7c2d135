"""What happens by itself, by dates and facts; and what staff move by hand: phases, dates, reminders."""
