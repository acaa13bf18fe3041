/**
 * The finding for what a driver uses and nobody gives: a function that it calls, a variable that it reads or writes.
 * A name that the bundled headers declare is Windows' and not emulated; of any other one the file may be missing.
 */
import type { Span } from '../../base/source.ts';
import { driverCounterpart } from '../../catalog/program-names.ts';
import type { CSymbol } from '../../cfront/parse/ast.ts';
import { place } from '../../cfront/tokenize/token.ts';
import type { Fault } from '../machine/machine-types.ts';
import type { Kernel } from './kernel-types.ts';
import { callStack } from './places.ts';
import type { FindingRequest } from './report.ts';

export function missingName(kernel: Kernel, fault: Fault): Omit<FindingRequest, 'severity'> {
  const isFunction = fault.kind === 'missing-function';
  const name = isFunction ? fault.detail : fault.detail.replace(/^global /, '');
  const caller = callStack(kernel, kernel.current)[0]?.functionName;
  const by = caller === undefined ? '' : ` by ${caller}`;
  const use = isFunction ? `called${by}` : `${fault.access === 'write' ? 'written' : 'read'}${by}`;
  const member = kernel.catalog.byName(name).find(({ kind }) => kind === 'table-function');
  if (isFunction && member !== undefined) {
    const message = `${name} is ${use} by its name, which Windows links with nothing: it is the member of a dispatch table, of type ${member.typeName}. Call it through the table.`;
    return { rule: 'not-emulated', message };
  }
  const declared = declarationOf(kernel, name);
  if (declared?.isSystem === true) {
    const message = `${name} is ${use}, but it is not emulated. Define it in a file of your own and give that with --stub.`;
    return { rule: 'not-emulated', message };
  }
  const counterpart = driverCounterpart(name);
  if (isFunction && counterpart !== undefined) {
    const message = `${name} is ${use}, which is for programs: a driver has ${counterpart}. Where the driver has a function of its own with that name, add the file that defines it, or give one that stands in for it with --stub.`;
    return { rule: 'not-emulated', message };
  }
  return {
    // Drivers declare undocumented functions of Windows themselves, so a function may be either.
    rule: isFunction ? 'not-emulated' : 'missing-variable',
    message: `${name} is ${use}, but no file defines it${isFunction ? ', and it is not emulated' : ''}. Add the file that defines it, or give one that stands in for it with --stub.`,
    history:
      declared === undefined
        ? []
        : [{ what: `${name} is declared here`, span: declared.span, statements: kernel.machine.statements }],
  };
}

/** Where the driver, or else a bundled header, declares a name. */
function declarationOf(kernel: Kernel, name: string): { readonly span: Span; readonly isSystem: boolean } | undefined {
  let found: { readonly span: Span; readonly isSystem: boolean } | undefined;
  for (const unit of kernel.machine.program.units) {
    const span = spanOf(unit.symbols.get(name));
    if (span === undefined) continue;
    found = { span, isSystem: unit.isSystemFile(span.file) };
    if (found.isSystem) return found;
  }
  return found;
}

function spanOf(symbol: CSymbol | undefined): Span | undefined {
  if (symbol?.kind !== 'function' && symbol?.kind !== 'variable') return undefined;
  const declaration = symbol.declarations[0];
  const token = declaration !== undefined && 'nameToken' in declaration ? declaration.nameToken : undefined;
  return token === undefined ? undefined : place(token);
}
