"""The password rule behind Django's validator interface, and its sentences."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

from anju.accounts.models import User
from anju.accounts.services.passwords import profile_in_force, weaknesses_of
from anju.rules.passwords import MAX_LENGTH

_WORDS = {
    "too_long": "密码太长，最多 {longest} 个字符。",
    "too_short": "密码太短，至少 {least} 个字符，可以用一句话。",
    "too_uniform": "密码太单一，大写字母、小写字母、数字、其他符号（含汉字）里至少要有 {kinds} 种。",
    "common": "这个密码太常见，别人最先试的就是它，请换一个。",
    "personal": "密码里主要是姓名、用户名、手机号或地名，容易猜到，请换一个。",
}


class ProfileValidator:
    """Named in AUTH_PASSWORD_VALIDATORS; the profile in force decides."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        person = user if isinstance(user, User) else User()
        found = weaknesses_of(password, person)
        if found:
            raise ValidationError([ValidationError(_WORDS[code].format(**_values()), code=code) for code in found])

    def get_help_text(self) -> str:
        profile = profile_in_force()
        kinds = (
            f"；大写字母、小写字母、数字、其他符号（含汉字）四种里至少要有 {profile.kinds} 种" if profile.kinds else ""
        )
        age = f"；每 {profile.max_age.days} 天换一次" if profile.max_age else ""
        return f"至少 {profile.least_length} 个字符，可以用一句话{kinds}{age}。可以粘贴。"


def _values() -> dict[str, Any]:
    profile = profile_in_force()
    return {"longest": MAX_LENGTH, "least": profile.least_length, "kinds": profile.kinds}
