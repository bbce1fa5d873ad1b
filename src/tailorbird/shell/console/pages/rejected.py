"""To come."""


def add(desk):
    pass
