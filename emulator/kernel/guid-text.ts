/** A GUID as people write it. In: its 16 bytes, as they lie in memory. Out: `{53f56307-b6bf-11d0-94f2-00a0c91efb8b}`. */

/** The first three parts are little-endian numbers. */
export function guidText(bytes: ArrayLike<number>): string {
  const hex = Array.from([3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15], (at) =>
    (bytes[at] ?? 0).toString(16).padStart(2, '0'),
  ).join('');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return `{${parts.join('-')}}`;
}
