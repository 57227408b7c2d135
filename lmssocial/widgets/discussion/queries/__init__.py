"""What the pages of a discussion show: plain columns into values, as many queries for 50 posts as for one."""
