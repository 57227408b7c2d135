"""What people have answered, cut into words and counted, so that a question finds who answered its like."""
