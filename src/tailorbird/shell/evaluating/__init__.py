"""`tailorbird evaluate`: files become trials; a line of JSON says how good each model is and what it cost."""
