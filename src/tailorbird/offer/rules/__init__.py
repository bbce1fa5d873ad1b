"""What a site lays over the ranking of a placement: rules, boosts, pins, diversity, novelty, chance."""
