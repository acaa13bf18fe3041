/** Numbers as driver writers read them: statuses by severity, control codes by their parts, pool tags as characters. */

/** `0xC0000016`, an error status; `undefined` for none. */
export function statusMarkdown(value: bigint): string {
  const code = BigInt.asUintN(32, value);
  const severity = ['a success', 'an informational', 'a warning', 'an error'][Number(code >> 30n)];
  const isSuccess = code >> 31n === 0n;
  return `**Value** ${hex(code)}, ${severity} status: \`NT_SUCCESS\` is ${isSuccess ? 'TRUE' : 'FALSE'}`;
}

const methods = ['METHOD_BUFFERED', 'METHOD_IN_DIRECT', 'METHOD_OUT_DIRECT', 'METHOD_NEITHER'];
const accesses = ['FILE_ANY_ACCESS', 'FILE_READ_ACCESS', 'FILE_WRITE_ACCESS', 'FILE_READ_ACCESS | FILE_WRITE_ACCESS'];

/** The parts of a code that CTL_CODE makes. */
export function controlCodeMarkdown(value: bigint): string {
  const code = Number(BigInt.asUintN(32, value));
  const device = `0x${(code >>> 16).toString(16).toUpperCase()}`;
  const access = accesses[(code >>> 14) & 3];
  const index = `0x${((code >>> 2) & 0xfff).toString(16).toUpperCase()}`;
  return `**Value** ${hex(BigInt(code))}: device type ${device}, function ${index}, ${methods[code & 3]}, ${access}`;
}

export function numberMarkdown(value: bigint): string {
  const unsigned = value < 0n ? BigInt.asUintN(value < -0x8000_0000n ? 64 : 32, value) : value;
  return `**Value** ${value} (${hex(unsigned)})`;
}

/** A pool tag is a number whose bytes lie in memory in reverse: 'nsiL' shows as "Lisn" in every tool. */
export function poolTagMarkdown(text: string): string | undefined {
  if (!/^[\x20-\x7e]{4}$/.test(text)) return undefined;
  const shown = [...text].reverse().join('');
  return `Four characters as a number. As a pool tag, tools show it in memory order: \`${shown}\``;
}

function hex(value: bigint): string {
  return `0x${value.toString(16).toUpperCase().padStart(8, '0')}`;
}
