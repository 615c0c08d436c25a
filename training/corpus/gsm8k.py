def generators(path):
    return {}
