"""Time limits in natural hours, working hours, working days and natural days (民法典 200-204), and the calendar they are counted in."""
