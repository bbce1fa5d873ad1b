"""Models of what people want: trained from interactions, served from mapped arrays."""
