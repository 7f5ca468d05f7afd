"""What a browser calls itself, in a few words: which browser, on which system – enough to know one's own again. Believes what it reads.

A device is kept as two words, `edge windows`; what nobody knows is `other`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.label import Label, verbatim

_BROWSERS = (
    ("wecom", r"wxwork/"),
    ("wechat", r"MicroMessenger/"),
    ("dingtalk", r"DingTalk"),
    ("feishu", r"Lark/|Feishu/"),
    ("qq", r"M?QQBrowser/"),
    ("uc", r"UCBrowser/|UBrowser/"),
    ("360", r"QIHU 360|360SE|360EE"),
    ("sogou", r"MetaSr|SogouMobileBrowser"),
    ("huawei", r"HuaweiBrowser/"),
    ("xiaomi", r"MiuiBrowser/"),
    ("vivo", r"VivoBrowser/"),
    ("oppo", r"HeyTapBrowser/"),
    ("samsung", r"SamsungBrowser/"),
    ("opera", r"OPR/|Opera"),
    ("edge", r"Edg(e|A|iOS)?/"),
    ("firefox", r"Firefox/|FxiOS/"),
    ("chrome", r"Chrome/|CriOS/|Chromium/"),
    ("safari", r"Version/\S+ .*Safari/"),
)
"""Those that call themselves by another's name as well come before it."""
_SYSTEMS = (
    ("harmonyos", r"OpenHarmony|HarmonyOS"),
    ("android", r"Android"),
    ("ipad", r"iPad"),
    ("iphone", r"iPhone|iPod"),
    ("windows", r"Windows"),
    ("mac", r"Macintosh"),
    ("chromeos", r"CrOS"),
    ("linux", r"Linux|X11"),
)
OTHER = "other"
_READ = 512
"""Characters of it that are looked at."""

_NAMES: Mapping[str, Label] = {
    "wecom": Label("企业微信", "WeCom"),
    "wechat": Label("微信", "WeChat"),
    "dingtalk": Label("钉钉", "DingTalk"),
    "feishu": Label("飞书", "Feishu"),
    "qq": Label("QQ 浏览器", "QQ Browser"),
    "uc": Label("UC 浏览器", "UC Browser"),
    "360": Label("360 浏览器", "360 Browser"),
    "sogou": Label("搜狗浏览器", "Sogou Browser"),
    "huawei": Label("华为浏览器", "Huawei Browser"),
    "xiaomi": Label("小米浏览器", "Xiaomi Browser"),
    "vivo": Label("vivo 浏览器", "vivo Browser"),
    "oppo": Label("OPPO 浏览器", "OPPO Browser"),
    "samsung": Label("三星浏览器", "Samsung Internet"),
    "opera": verbatim("Opera"),
    "edge": verbatim("Edge"),
    "firefox": verbatim("Firefox"),
    "chrome": verbatim("Chrome"),
    "safari": verbatim("Safari"),
    "harmonyos": Label("鸿蒙", "HarmonyOS"),
    "android": Label("安卓", "Android"),
    "ipad": verbatim("iPad"),
    "iphone": verbatim("iPhone"),
    "windows": verbatim("Windows"),
    "mac": verbatim("macOS"),
    "chromeos": verbatim("ChromeOS"),
    "linux": verbatim("Linux"),
}


def device_of(user_agent: str) -> str:
    """Which device it is, as it is kept.

    >>> device_of("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0")
    'edge windows'
    >>> device_of("curl/8.5.0")
    'other other'
    """
    read = user_agent[:_READ]
    return " ".join(next((name for name, sign in known if re.search(sign, read)), OTHER) for known in (_BROWSERS, _SYSTEMS))


def in_words(device: str) -> Label:
    """A device as people call it.

    >>> in_words("edge windows").en, in_words("wechat other").zh, in_words("other other").en
    ('Edge on Windows', '微信', 'unknown device')
    """
    browser, _, system = device.partition(" ")
    known = [_NAMES[each] for each in (browser, system) if each in _NAMES]
    match known:
        case [program, machine]:
            return Label("{machine} 上的 {program}", "{program} on {machine}").fill(program=program, machine=machine)
        case [one]:
            return one
    return Label("未知设备", "unknown device")
