/**
 * Which rules hold in C++: those that look at the arguments of one call. What a rule follows along the ways through a
 * function, such as who frees an IRP, happens in destructors and lambdas that are not read.
 */
const argumentRules: ReadonlySet<string> = new Set([
  'basic-socket-dispatch',
  'completion-invoke-all',
  'control-request-type',
  'disconnect-buffer',
  'irp-missing',
  'irp-stack-size',
  'option-category',
  'option-size',
  'output-size-returned',
  'pool-size-zero',
  'receive-flags',
  'reserved-flags',
  'socket-category-flags',
  'socket-table',
]);

export function holdsInCplusplus(rule: string): boolean {
  return argumentRules.has(rule);
}
