/** "1 byte", "3 bytes": a number with its noun, whose plural ends in s. */
export function countText(count: number | bigint, noun: string): string {
  return `${count} ${noun}${count === 1 || count === 1n ? '' : 's'}`;
}
