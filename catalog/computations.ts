/**
 * Functions of the run-time library that only compute. Their pages ask for PASSIVE_LEVEL because they and the tables that
 * they look into can be paged out; but they wait for nobody and need no APC, and pages come in at APC_LEVEL too. So they do
 * their work there, and neither lint nor a run speaks of it. From DISPATCH_LEVEL on it is the mistake that the pages
 * warn of.
 */
export function computesOnly(name: string): boolean {
  return /^Rtl(?!(?:Query|Check|Create|Delete|Write)Registry)/.test(name);
}
