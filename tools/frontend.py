"""Copies the few third-party files we serve or print with out of node_modules. Nothing third-party is kept in git."""

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "src" / "anju" / "web" / "static" / "vendor"
FONTS = ROOT / "src" / "anju" / "papers" / "fonts"

SERVED = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "htmx.LICENSE.txt",
    "@alpinejs/csp/dist/cdn.min.js": "alpine-csp.min.js",
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "leaflet/dist/leaflet.js": "leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet.css",
    "leaflet/dist/images/layers.png": "images/layers.png",
    "leaflet/dist/images/layers-2x.png": "images/layers-2x.png",
    "leaflet/dist/images/marker-icon.png": "images/marker-icon.png",
    "leaflet/LICENSE": "leaflet.LICENSE.txt",
}
PRINTED = {
    "@embedpdf/fonts-sc/fonts/NotoSansHans-Regular.otf": "NotoSansHans-Regular.otf",
    "@embedpdf/fonts-sc/fonts/NotoSansHans-Medium.otf": "NotoSansHans-Medium.otf",
    "@embedpdf/fonts-sc/fonts/NotoSansHans-Bold.otf": "NotoSansHans-Bold.otf",
    "@embedpdf/fonts-sc/LICENSE": "LICENSE.txt",
}
# The maps are not shipped, and hashing static files fails on a name that leads nowhere.
SOURCE_MAP = re.compile(rb"/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*")


def main() -> None:
    for folder, files in ((VENDOR, SERVED), (FONTS, PRINTED)):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for source, name in files.items():
            content = (MODULES / source).read_bytes()
            text = name.endswith((".js", ".css"))
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(SOURCE_MAP.sub(b"", content) if text else content)


if __name__ == "__main__":
    main()
