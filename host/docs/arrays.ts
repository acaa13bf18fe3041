/**
 * Arrays of bytes and numbers, one behind the other in one piece of memory, and back without a copy.
 *
 * In front stand how many they are and, for each, its kind and its length in bytes; each begins at a multiple of four.
 * Numbers lie as this machine has them: every machine that VS Code runs on has the low byte first.
 */

type Numbers = Uint8Array | Uint32Array;

export function packArrays(arrays: readonly Numbers[]): Uint8Array {
  const head = new Uint32Array(1 + 2 * arrays.length);
  head[0] = arrays.length;
  arrays.forEach((array, i) => {
    head[1 + 2 * i] = array.BYTES_PER_ELEMENT;
    head[2 + 2 * i] = array.byteLength;
  });
  const packed = new Uint8Array(head.byteLength + arrays.reduce((sum, { byteLength }) => sum + padded(byteLength), 0));
  packed.set(bytesOf(head));
  let at = head.byteLength;
  for (const array of arrays) {
    packed.set(bytesOf(array), at);
    at += padded(array.byteLength);
  }
  return packed;
}

/** Views of `packed`; undefined where it is not what `packArrays` made. Its memory begins at a multiple of four. */
export function unpackArrays(packed: Uint8Array): readonly Numbers[] | undefined {
  const { buffer, byteOffset, byteLength } = packed;
  if (byteOffset % 4 !== 0 || byteLength < 4) return undefined;
  const words = new Uint32Array(buffer, byteOffset, byteLength >> 2);
  const count = words[0] ?? 0;
  let at = 4 + 8 * count;
  if (at > byteLength) return undefined;
  const arrays: Numbers[] = [];
  for (let i = 0; i < count; i++) {
    const size = words[1 + 2 * i];
    const length = words[2 + 2 * i] ?? 0;
    if ((size !== 1 && size !== 4) || at + length > byteLength || length % size !== 0) return undefined;
    arrays.push(
      size === 1
        ? new Uint8Array(buffer, byteOffset + at, length)
        : new Uint32Array(buffer, byteOffset + at, length / 4),
    );
    at += padded(length);
  }
  return at === byteLength ? arrays : undefined;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}

function bytesOf({ buffer, byteOffset, byteLength }: Numbers): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
