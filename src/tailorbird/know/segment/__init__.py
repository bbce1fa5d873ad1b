"""Which segments a person is in, kept per event and moved by time: step 5 of the flow."""
