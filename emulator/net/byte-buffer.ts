/** Bytes that come in at the end and go out at the front, without moving them one by one. */

export interface ByteBuffer {
  /** Its own, or the only piece that there is, which belongs to somebody else and is not written to. */
  bytes: Uint8Array;
  isOwn: boolean;
  start: number;
  end: number;
}

export function createByteBuffer(): ByteBuffer {
  return { bytes: new Uint8Array(0), isOwn: false, start: 0, end: 0 };
}

export function bufferLength(buffer: ByteBuffer): number {
  return buffer.end - buffer.start;
}

/** What is in it; valid until the next change. */
export function bufferBytes(buffer: ByteBuffer): Uint8Array {
  return buffer.bytes.subarray(buffer.start, buffer.end);
}

export function appendBytes(buffer: ByteBuffer, more: Uint8Array): void {
  const length = bufferLength(buffer);
  if (length === 0) {
    buffer.bytes = more;
    buffer.isOwn = false;
    buffer.start = 0;
    buffer.end = more.length;
    return;
  }
  if (!buffer.isOwn || buffer.end + more.length > buffer.bytes.length) {
    const bytes = new Uint8Array(2 * (length + more.length));
    bytes.set(bufferBytes(buffer));
    buffer.bytes = bytes;
    buffer.isOwn = true;
    buffer.start = 0;
    buffer.end = length;
  }
  buffer.bytes.set(more, buffer.end);
  buffer.end += more.length;
}

export function dropBytes(buffer: ByteBuffer, count: number): void {
  buffer.start += count;
}
