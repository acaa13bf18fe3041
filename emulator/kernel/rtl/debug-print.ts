/**
 * DbgPrint and its relatives: formatted text that becomes lines of the run's log. A line is complete at its line feed;
 * what is left without one is shown at the end of the run.
 */

import type { NativeCall } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { readText } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { type FormatArguments, formatText, listArguments, variadicArguments } from './format.ts';
import { textOfBytes } from './utf8.ts';

/** What a trace message says beside its text, as the driver writes it. */
interface TraceNames {
  readonly level?: string;
  readonly flags?: string;
}

export interface DebugPrintState {
  /** Text since the last line feed. */
  partial: string;
}

/** Bytes of one DbgPrint; the rest is cut off, as on Windows. */
const messageMax = 512;
/** Lines kept of one run. */
const linesMax = 100_000;

export const debugPrintApis = {
  DbgPrint: (kernel, call) => print(kernel, call, call.arguments.pointer(0), variadicArguments(call.arguments, 1)),
  DbgPrintEx: (kernel, call) => print(kernel, call, call.arguments.pointer(2), variadicArguments(call.arguments, 3)),
  vDbgPrintEx: (kernel, call) =>
    print(kernel, call, call.arguments.pointer(2), listArguments(kernel, call.arguments.pointer(3))),
  vDbgPrintExWithPrefix: (kernel, call) => {
    logText(kernel, textOfBytes(readText(kernel, call.arguments.pointer(0), { unit: 1 })));
    return print(kernel, call, call.arguments.pointer(3), listArguments(kernel, call.arguments.pointer(4)));
  },
  __wsk_trace: (kernel, call) => trace(kernel, call, 0, {}),
  __wsk_trace_event: (kernel, call) => {
    const level = readText(kernel, call.arguments.pointer(0), { unit: 1 });
    const flags = readText(kernel, call.arguments.pointer(1), { unit: 1 });
    return trace(kernel, call, 2, { ...(level === '' ? {} : { level }), ...(flags === '' ? {} : { flags }) });
  },
} satisfies KernelApis;

/** Adds text to the log; complete lines become events. */
export function logText(kernel: Kernel, text: string): void {
  const lines = (kernel.parts.debugPrint.partial + text).split(/\r?\n/);
  kernel.parts.debugPrint.partial = lines.pop() ?? '';
  for (const line of lines) addLine(kernel, line);
}

/** Ends a line that has no line feed. */
export function flushLog(kernel: Kernel): void {
  const { debugPrint } = kernel.parts;
  if (debugPrint.partial === '') return;
  addLine(kernel, debugPrint.partial);
  debugPrint.partial = '';
}

function addLine(kernel: Kernel, line: string, more: TraceNames = {}): void {
  if (kernel.log.length >= linesMax) return;
  kernel.log.push(line);
  kernel.emit({ kind: 'log', text: line, ...more });
}

/** A trace message is formatted by who reads the trace, so that no conversion asks for an IRQL; each is lines of its own. */
function trace(kernel: Kernel, call: NativeCall, formatAt: number, names: TraceNames): NativeResult {
  const format = readText(kernel, call.arguments.pointer(formatAt), { unit: 1 });
  const options = { isWide: false, functionName: call.site.functionName, ...names };
  const result = formatText(kernel, format, variadicArguments(call.arguments, formatAt + 1), options);
  if (result.isShort) reportShort(kernel, call);
  flushLog(kernel);
  const text = textOfBytes(result.text);
  const lines = text.includes('\n') ? text.split(/\r?\n/) : [text];
  if (lines.at(-1) === '' && lines.length > 1) lines.pop();
  for (const line of lines) addLine(kernel, line, names);
  return returnsVoid;
}

function print(kernel: Kernel, call: NativeCall, format: GuestAddress, args: FormatArguments): NativeResult {
  const result = formatText(kernel, readText(kernel, format, { unit: 1 }), args, { isWide: false });
  if (result.hasWide) checkWide(kernel, call);
  if (result.isShort) reportShort(kernel, call);
  logText(kernel, textOfBytes(result.text.slice(0, messageMax)));
  return returns(0);
}

/** Wide characters become narrow ones by tables that may be paged out. */
export function checkWide(kernel: Kernel, call: NativeCall): void {
  if (kernel.irql === 0) return;
  kernel.report({
    rule: 'wide-format-at-raised-irql',
    severity: 'warning',
    message: `${call.name} prints wide characters at IRQL ${kernel.irql}: %ws, %S, %wZ and the like may be used at PASSIVE_LEVEL only.`,
    bugCheck: bugCheck('IRQL_NOT_LESS_OR_EQUAL', 0, kernel.irql, 0, call.name),
  });
}

/** A format that asks for more arguments than the call has reads garbage on Windows. */
export function reportShort(kernel: Kernel, call: NativeCall): void {
  kernel.report({
    rule: 'format-arguments',
    severity: 'warning',
    message: `${call.name} has fewer arguments than its format asks for: it prints whatever lies on the stack.`,
    also: ['C6064'],
  });
}
