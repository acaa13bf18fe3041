/**
 * Puts items at the end of a list. `list.push(...items)` would lay each of them on the stack, where there is room for
 * some 100,000: less than a table of a firmware's bytes has.
 */
export function append<T>(list: T[], items: Iterable<T>): void {
  for (const item of items) list.push(item);
}
