"""Open Sound Control: sockets, and who is spoken to by them."""
