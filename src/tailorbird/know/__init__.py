"""Who somebody is and what is known of them: identity, profile, segments."""
