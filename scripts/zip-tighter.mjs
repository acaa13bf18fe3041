// Packs the files of a ZIP anew as tightly as zlib can; the tool that makes our VSIX takes its default, which is some 4 KB
// more. Names, order, modes and times stay. The same files give the same bytes.
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const DEFLATED = 8;

/** Bytes of a ZIP in, of a smaller one with the same files out. Throws for what is no plain ZIP. */
export function packedTighter(zip) {
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (end < 0) throw new Error('this is no ZIP file');
  const parts = [];
  const directory = [];
  let written = 0;
  const count = zip.readUInt16LE(end + 10);
  for (let at = zip.readUInt32LE(end + 16), left = count; left > 0; left -= 1) {
    if (zip.readUInt32LE(at) !== CENTRAL) throw new Error('its directory is damaged');
    const nameLength = zip.readUInt16LE(at + 28);
    const header = Buffer.from(zip.subarray(at, at + 46 + nameLength));
    const name = header.subarray(46);
    const from = zip.readUInt32LE(at + 42);
    const start = from + 30 + zip.readUInt16LE(from + 26) + zip.readUInt16LE(from + 28);
    const stored = zip.subarray(start, start + zip.readUInt32LE(at + 20));
    const { method, data } = tightest(zip.readUInt16LE(at + 10), stored);
    // Sizes stand in the header, so no descriptor follows the data.
    header.writeUInt16LE(zip.readUInt16LE(at + 8) & ~8, 8);
    header.writeUInt16LE(method, 10);
    header.writeUInt32LE(data.length, 20);
    // No extra field and no comment.
    header.writeUInt16LE(0, 30);
    header.writeUInt16LE(0, 32);
    header.writeUInt32LE(written, 42);
    directory.push(header);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(LOCAL, 0);
    // From the version that is needed to the length of the name, both headers have the same.
    header.copy(local, 4, 6, 30);
    parts.push(local, name, data);
    written += local.length + name.length + data.length;
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  const central = Buffer.concat(directory);
  const tail = Buffer.alloc(22);
  tail.writeUInt32LE(END, 0);
  tail.writeUInt16LE(count, 8);
  tail.writeUInt16LE(count, 10);
  tail.writeUInt32LE(central.length, 12);
  tail.writeUInt32LE(written, 16);
  return Buffer.concat([...parts, central, tail]);
}

function tightest(method, stored) {
  const plain = method === DEFLATED ? inflateRawSync(stored) : stored;
  const packed = [8, 9].flatMap((memLevel) =>
    [constants.Z_DEFAULT_STRATEGY, constants.Z_FILTERED].map((strategy) =>
      deflateRawSync(plain, { level: 9, memLevel, strategy }),
    ),
  );
  const data = packed.reduce((best, one) => (one.length < best.length ? one : best));
  return data.length < plain.length ? { method: DEFLATED, data } : { method: 0, data: plain };
}
