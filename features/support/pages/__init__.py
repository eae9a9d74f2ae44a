"""What people see and touch: every selector and every wait of the suite lives here."""
