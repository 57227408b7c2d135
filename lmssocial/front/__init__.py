"""The doors: where launches, administrators, monitors and the demo come in."""
