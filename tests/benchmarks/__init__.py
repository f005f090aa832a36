"""What the project claims of itself in numbers, each with its goal; `make bench` measures them."""
