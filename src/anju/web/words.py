"""Refusals in Chinese: what is wrong, where, and how to mend it. One sentence a code; `{name}` is filled from the refusal's values."""

from anju.base.actor import Refused

WORDS: dict[str, str] = {
    "installation.taken": "这里已经有数据了，不能再次初始化。要另建一个县，请换一个数据目录（ANJU_HOME）。",
    "password.factor_missing": "这个人没有开启二次验证，不用解除。",
    "password.factor_own": "自己的二次验证请在“我的账号”里关闭，不能在这里解除。",
    "password.reset_inactive": "这个账号已停用，不能重置密码。请先恢复账号。",
    "password.reset_needs_two": "管理员的密码要双人办理：请提出重置申请，由另一位管理员复核。",
    "password.reset_own": "不能重置自己的密码。请在“我的账号”里改密码，忘了请另一位管理员重置。",
    "password.unchanged": "新密码和现在的一样，请换一个。",
    "password.weak": "新密码不符合要求，请按说明换一个。",
    "signin.locked": "输错次数太多，请等 {minutes} 分钟再试；急用请换您平时登录的电脑，或找安全管理员重置密码。",
    "trail.too_long": "审计记录有 {length} 条，在网页上校验要等太久。请在服务器上运行 anju check。",
}


def sentence(refusal: Refused) -> str:
    """Return the sentence of a refusal. A code without words is a defect that the house tests find."""
    return WORDS[refusal.code].format(**refusal.values)
