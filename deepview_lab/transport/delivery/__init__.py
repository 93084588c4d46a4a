"""How messages reach clients: channels, their pace, comms."""
