"""Small pictures of text for the documentation: a PNG of a page in sixteen greys. It chooses no page."""

import base64
import struct
import zlib
from pathlib import Path

from playwright.sync_api import Page

# Two pixels a byte, row by row; the last byte of an odd row is filled with white.
READ = """async (png) => {
  const picture = new Image();
  picture.src = "data:image/png;base64," + png;
  await picture.decode();
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const sheet = canvas.getContext("2d");
  sheet.drawImage(picture, 0, 0);
  const { width, height } = canvas;
  const seen = sheet.getImageData(0, 0, width, height).data;
  const grey = (x, y) => {
    const at = 4 * (y * width + x);
    return x < width ? Math.round((0.299 * seen[at] + 0.587 * seen[at + 1] + 0.114 * seen[at + 2]) / 17) : 15;
  };
  const bytes = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x += 2) bytes.push(16 * grey(x, y) + grey(x + 1, y));
  }
  const parts = [];
  for (let at = 0; at < bytes.length; at += 8192) parts.push(String.fromCharCode(...bytes.slice(at, at + 8192)));
  return [width, height, btoa(parts.join(""))];
}"""


def take_in_greys(page: Page, path: Path) -> None:
    """Write the whole page as a PNG of four bits a pixel, about a quarter of what Chromium writes."""
    taken = base64.b64encode(page.screenshot(full_page=True)).decode()
    width, height, packed = page.evaluate(READ, taken)
    pixels, row = base64.b64decode(packed), (width + 1) // 2
    lines = b"".join(b"\0" + pixels[at : at + row] for at in range(0, len(pixels), row))
    header = struct.pack(">IIBBBBB", width, height, 4, 0, 0, 0, 0)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(lines, 9)), _chunk(b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
