// Makes a screenshot small: 8-bit RGB or RGBA PNG bytes in, PNG bytes with a palette out. Pictures of
// an editor have few colours and many shades of them at the edges of letters: the palette takes one colour after the other,
// always the one that would lose most, by pixels and distance, so that a rare icon keeps its colour. Alpha is dropped.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** More of them make letters no clearer, and each picture a tenth larger in everybody's download. */
const colorsMax = 32;

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export function withPalette(png) {
  const { width, height, pixels } = decode(png);
  const counts = new Map();
  // The two lowest bits of a channel are noise to the eye; without them similar shades count together.
  for (const pixel of pixels) counts.set(pixel & 0xfcfcfc, (counts.get(pixel & 0xfcfcfc) ?? 0) + 1);
  const { palette, indexes } = paletteOf(counts);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = indexes.get(pixels[y * width + x] & 0xfcfcfc);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits, colour type 3: palette.
  header.set([8, 3, 0, 0, 0], 8);
  const colors = Buffer.from(palette.flatMap((color) => [color >> 16, (color >> 8) & 0xff, color & 0xff]));
  const data = deflateSync(rows, { level: 9 });
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', colors),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Pixels as 0xRRGGBB, row by row. */
function decode(png) {
  const parts = [];
  let width = 0;
  let height = 0;
  let channels = 0;
  for (let at = signature.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') {
      width = data.readUInt32BE(0);
      height = data.readUInt32BE(4);
      channels = { 2: 3, 6: 4 }[data[9]] ?? 0;
      if (data[8] !== 8 || channels === 0 || data[12] !== 0) throw new Error('only plain 8-bit RGB and RGBA are read');
    } else if (type === 'IDAT') parts.push(data);
    at += length + 12;
  }
  const bytes = unfiltered(inflateSync(Buffer.concat(parts)), width * channels, height, channels);
  const pixels = new Uint32Array(width * height);
  for (let i = 0; i < pixels.length; i += 1)
    pixels[i] = (bytes[i * channels] << 16) | (bytes[i * channels + 1] << 8) | bytes[i * channels + 2];
  return { width, height, pixels };
}

/** Undoes the filter of each row, as the PNG specification's chapter 9 defines the five of them. */
function unfiltered(raw, stride, height, channels) {
  const out = new Uint8Array(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; x += 1) {
      const left = x >= channels ? out[y * stride + x - channels] : 0;
      const up = y > 0 ? out[(y - 1) * stride + x] : 0;
      const corner = x >= channels && y > 0 ? out[(y - 1) * stride + x - channels] : 0;
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      out[y * stride + x] = raw[y * (stride + 1) + 1 + x] + predicted;
    }
  }
  return out;
}

function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** The palette, and for every colour the index of its nearest entry. */
function paletteOf(counts) {
  const colors = [...counts].map(([color, count]) => ({ color, count, index: 0, distance: Number.POSITIVE_INFINITY }));
  const palette = [];
  while (palette.length < colorsMax) {
    let worst = colors[0];
    for (const candidate of colors)
      if (candidate.count * candidate.distance > worst.count * worst.distance) worst = candidate;
    if (worst.distance === 0) break;
    for (const entry of colors) {
      const distance = squaredDistance(entry.color, worst.color);
      if (distance < entry.distance) {
        entry.distance = distance;
        entry.index = palette.length;
      }
    }
    palette.push(worst.color);
  }
  return { palette, indexes: new Map(colors.map(({ color, index }) => [color, index])) };
}

function squaredDistance(a, b) {
  const red = (a >> 16) - (b >> 16);
  const green = ((a >> 8) & 0xff) - ((b >> 8) & 0xff);
  const blue = (a & 0xff) - (b & 0xff);
  return red * red + green * green + blue * blue;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}
