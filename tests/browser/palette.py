"""A picture with few colours: a screen has hardly more than two hundred, and takes a third of the room when each point is one byte.

The browser reads the points – it has a decoder and we have none – and what is written here is PNG with a palette (RFC 2083).
"""

from __future__ import annotations

import struct
import zlib
from base64 import b64decode, b64encode
from typing import Any

from playwright.sync_api import Page

_COLOURS = 256
_REDUCED = """async ([picture, most]) => {
  const image = await createImageBitmap(new Blob([Uint8Array.from(atob(picture), (sign) => sign.charCodeAt(0))]));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const points = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
  const counts = new Map();
  for (const point of points) counts.set(point, (counts.get(point) ?? 0) + 1);
  const palette = [...counts].sort((one, other) => other[1] - one[1]).slice(0, most).map(([point]) => point);
  const parts = (point) => [point & 255, (point >> 8) & 255, (point >> 16) & 255];
  const colours = palette.map(parts);
  const places = new Map(palette.map((point, place) => [point, place]));
  const nearest = (point) => {
    const [r, g, b] = parts(point);
    let best = 0, least = Infinity;
    colours.forEach(([red, green, blue], place) => {
      const far = 2 * (r - red) ** 2 + 4 * (g - green) ** 2 + 3 * (b - blue) ** 2;
      if (far < least) { least = far; best = place; }
    });
    places.set(point, best);
    return best;
  };
  const bytes = new Uint8Array(points.length);
  points.forEach((point, at) => { bytes[at] = places.get(point) ?? nearest(point); });
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return { width: image.width, height: image.height, colours: colours.flat(), points: btoa(text) };
}"""


def packed(page: Page, picture: bytes) -> bytes:
    """The same picture with at most 256 colours: the commonest, and for every other the nearest of them. `page`: any page."""
    found: dict[str, Any] = page.evaluate(_REDUCED, [b64encode(picture).decode(), _COLOURS])
    width, points = found["width"], b64decode(found["points"])
    lines = b"".join(b"\0" + points[at : at + width] for at in range(0, len(points), width))
    head = struct.pack(">IIBBBBB", width, found["height"], 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", bytes(found["colours"])), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, *zip(*parts, strict=True)))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
