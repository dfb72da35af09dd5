"""What all tests share: no time limit for an example, since a busy machine is no failure."""

from hypothesis import settings

settings.register_profile("steady", deadline=None)
settings.load_profile("steady")
