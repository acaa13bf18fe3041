/** What a program's step came to against what the scenario expects of it: each difference is a finding at the step. */

import { countText } from '../../../base/count.ts';
import type { Kernel } from '../kernel-types.ts';
import { statusText } from '../status-names.ts';
import type { CallerRecord } from './caller-state.ts';
import type { CallerExpectation, CallerStep } from './caller-types.ts';

export interface Outcome {
  readonly status: number;
  readonly information: bigint;
  readonly output: Uint8Array | undefined;
}

/** Bytes that a message shows. */
const shownMax = 24;

export function checkOutcome(
  kernel: Kernel,
  caller: CallerRecord,
  step: CallerStep,
  number: number,
  outcome: Outcome,
  expect: CallerExpectation | undefined,
): void {
  const fail = (expected: string, got: string): void => reportCaller(kernel, caller, step, number, expected, got);
  const { status, information, output = new Uint8Array() } = outcome;
  kernel.emit({
    kind: 'caller',
    caller: caller.plan.name,
    what: `${stepText(step)} → ${statusText(kernel, status)}${information === 0n ? '' : `, ${countText(information, 'byte')}`}`,
  });
  if (expect?.status === undefined) {
    if (status >>> 30 === 3) fail('success', statusText(kernel, status));
  } else if (expect.status !== 'any' && expect.status.code !== status) {
    fail(expect.status.text, statusText(kernel, status));
    return;
  }
  if (expect?.information !== undefined && expect.information !== information)
    fail(`Information = ${expect.information}`, `${information}`);
  if (expect?.output === undefined) return;
  if (expect.output.kind === 'length') {
    if (output.length !== expect.output.length) fail(countText(expect.output.length, 'byte'), `${output.length}`);
    return;
  }
  const { bytes } = expect.output;
  const at = bytes.findIndex((byte, i) => byte !== output[i]);
  if (at < 0 && output.length === bytes.length) return;
  const where = at < 0 || at >= output.length ? '' : `: byte ${at} differs`;
  fail(bytesText(bytes), `${bytesText(output)}${where}`);
}

export function reportCaller(
  kernel: Kernel,
  caller: CallerRecord,
  step: CallerStep,
  number: number,
  expected: string,
  got: string,
): void {
  kernel.report({
    rule: 'caller-expectation',
    severity: 'warning',
    message: `The caller "${caller.plan.name}" expected ${expected} in its step ${number} (${stepText(step)}), but got ${got}.`,
    span: step.span ?? caller.plan.span,
  });
}

/** "open \\.\Echo", "IOCTL_ECHO", "read of 16 bytes". */
export function stepText(step: CallerStep): string {
  switch (step.kind) {
    case 'open':
      return `open ${step.device}`;
    case 'close':
      return 'close';
    case 'ioctl':
      return step.text;
    case 'read':
      return `read of ${countText(step.length, 'byte')}`;
    case 'write':
      return `write of ${countText(step.bytes.length, 'byte')}`;
    case 'flush':
      return 'flush';
    case 'wait-for':
      return `wait for ${step.operation}`;
    case 'cancel':
      return `cancel ${step.operation}`;
    case 'wait':
      return 'wait';
    case 'exit':
      return 'exit';
    case 'impossible':
      return 'step';
  }
}

/** Text where the bytes are text, hexadecimal otherwise. */
function bytesText(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'no bytes';
  const shown = bytes.slice(0, shownMax);
  const rest = bytes.length > shownMax ? ` … (${bytes.length} bytes)` : '';
  const isText = shown.every((byte) => byte >= 0x20 && byte < 0x7f);
  if (isText) return `"${String.fromCharCode(...shown)}"${rest}`;
  return `${Array.from(shown, (byte) => byte.toString(16).padStart(2, '0')).join(' ')}${rest}`;
}
