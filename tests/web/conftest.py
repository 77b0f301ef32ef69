from tests.web.signin_people import chen, lin

__all__ = ["chen", "lin"]
