/**
 * Our own bugs. A failed assertion throws `Bug`; it is caught only at the LSP, DAP and CLI edge, where it is reported
 * once and the session lives on. Bad input never comes here: it gives coded results.
 */
export class Bug extends Error {
  override readonly name = 'Bug';
}

/** Throws `Bug` with `message` unless `condition` holds. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Bug(message);
}

/** Ends an exhaustive `switch`: a compile error when a case is missing, a `Bug` when the types lied. */
export function unreachable(value: never): never {
  throw new Bug(`unreachable: ${JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `${v}n` : v))}`);
}

/** The value, or a `Bug` where it is missing: for look-ups that the caller has made sure of. */
export function defined<T>(value: T | undefined | null, what: string): T {
  assert(value !== undefined && value !== null, `${what} is missing`);
  return value;
}
