"""Office hours: offered, booked, waited for, moved and called off; with calendars that stay right all year round."""
