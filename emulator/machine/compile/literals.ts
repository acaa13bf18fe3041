/** Numbers as the words of a register. */

const scratch = new DataView(new ArrayBuffer(8));

/** The two words of a double's bits. */
export function floatWords(value: number): { readonly low: number; readonly high: number } {
  scratch.setFloat64(0, value, true);
  return { low: scratch.getInt32(0, true), high: scratch.getInt32(4, true) };
}
