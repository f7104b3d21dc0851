"""`make demo`: a whole portal on this machine, from an empty folder, stopped as one."""
