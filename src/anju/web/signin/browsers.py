"""A browser's own description in words a clerk recognises."""

# Asked in this order: later ones call themselves by the earlier names too.
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Edg", "Edge"),
    ("QQBrowser", "QQ 浏览器"),
    ("360SE", "360 浏览器"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "鸿蒙"),
    ("Android", "安卓手机"),
    ("iPhone", "苹果手机"),
    ("iPad", "iPad"),
    ("Windows", "Windows 电脑"),
    ("Mac OS", "苹果电脑"),
    ("UOS", "统信电脑"),
    ("Linux", "Linux 电脑"),
)


def in_words(user_agent: str) -> str:
    """Return for example `Windows 电脑 · Edge`; what cannot be told is left out."""
    parts = (_first(_SYSTEMS, user_agent), _first(_BROWSERS, user_agent))
    return " · ".join(part for part in parts if part) or "不认识的设备"


def _first(names: tuple[tuple[str, str], ...], text: str) -> str:
    return next((word for mark, word in names if mark in text), "")
