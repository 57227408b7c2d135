"""What people see in a course. Each folder is one widget, and widgets are strangers to each other."""
