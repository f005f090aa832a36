"""What the compare page is made of: the runs beside each other, their curves, digits and scores."""
