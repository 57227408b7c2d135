"""Calibration examples: work that staff have reviewed beforehand, and reviewers try the rubric on."""
