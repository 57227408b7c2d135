"""The statistics of the report: pure functions of numbers, the same every time they are asked."""
