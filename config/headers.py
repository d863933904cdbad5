"""Headers of everything but static files and probes. Also for the web server's own answers, so without Django."""

from __future__ import annotations

FEATURES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "xr-spatial-tracking",
)
"""What browsers offer to pages and no page of ours uses."""

PRIVATE = {
    "Cache-Control": "private, no-store",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
}
