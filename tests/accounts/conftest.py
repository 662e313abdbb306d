from tests.signin.conftest import settings, travel  # noqa: F401
