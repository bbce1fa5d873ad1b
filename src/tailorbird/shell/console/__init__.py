"""The console: what happens now, who somebody is and why they see what they see. One process, readers only."""
