"""What the line works on and what its time is for: entering it, and its figures by order. The parts of the panel `orders`."""
