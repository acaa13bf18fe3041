/**
 * The scenario's programs and files as the kernel takes them: control codes and statuses by value, bytes of files,
 * times in nanoseconds. What a scenario names and nobody defines becomes a step that can't be done, or a complaint.
 */
import { unreachable } from '../../base/assert.ts';
import type { CallerExpectation, CallerPlan, CallerStep } from '../kernel/callers/caller-types.ts';
import { addFile, nodeAt } from '../kernel/files/file-system.ts';
import { systemTimeNow } from '../kernel/ke/system-time.ts';
import type { Kernel } from '../kernel/kernel-types.ts';
import type { ScenarioAccess, ScenarioCallerStep, ScenarioOutcome, ScenarioShare } from '../scenario/callers.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { contentOf, type DataFiles } from './bytes.ts';
import { bigOf, codeOf, codeText, type ScenarioComplaint, type ScenarioSource, statusOf, Unknown } from './lookup.ts';
import type { Difference } from './registry.ts';

const rights: Readonly<Record<ScenarioAccess, number>> = {
  none: 0x0010_0080,
  read: 0x0012_0089,
  write: 0x0012_0196,
  'read-write': 0x0012_019f,
};
const shares: Readonly<Record<ScenarioShare, number>> = { none: 0, read: 1, write: 2, all: 7 };
const dispositions = ['supersede', 'open', 'create', 'open-if', 'overwrite', 'overwrite-if'];
const createOptions: Readonly<Record<string, number>> = {
  directory: 0x1,
  'write-through': 0x2,
  'non-directory': 0x40,
  'delete-on-close': 0x1000,
};
const synchronous = 0x20;
export function callerPlans({ callers }: Scenario, source: ScenarioSource): CallerPlan[] {
  return callers.map(({ name, span, mode, afterMs, steps }) => ({
    name,
    span,
    mode,
    afterNs: afterMs * 1_000_000,
    steps: steps.map((step): CallerStep => {
      const made = stepOf(step, source);
      return made instanceof Unknown ? { kind: 'impossible', why: made.why, span: step.span } : made;
    }),
  }));
}

/** Puts the scenario's files into the run's file system; names of files that were not read come back. */
export function addFiles(kernel: Kernel, { fileSystem }: Scenario, dataFiles: DataFiles): ScenarioComplaint[] {
  return fileSystem.flatMap(({ path, bytes }) => {
    const content = contentOf(bytes, dataFiles);
    if (content === undefined) return [{ message: `The scenario's file ${path} has no content.`, span: undefined }];
    addFile(kernel.parts.files, path, content, systemTimeNow(kernel));
    return [];
  });
}

/** What the scenario expects of files and is not so. */
export function fileDifferences(kernel: Kernel, { expect }: Scenario, dataFiles: DataFiles): readonly Difference[] {
  return expect.fileSystem.flatMap(({ path, bytes }) => {
    const wanted = contentOf(bytes, dataFiles) ?? new Uint8Array();
    const got = nodeAt(kernel.parts.files, path)?.bytes;
    const span = expect.places.fileSystem.get(path);
    if (got === undefined) return [{ message: `The scenario expects the file ${path}, but there is none.`, span }];
    const at = wanted.findIndex((byte, i) => byte !== got[i]);
    if (at < 0 && wanted.length === got.length) return [];
    const message = `The scenario expects ${shown(wanted)} in the file ${path}, but there ${got.length === 1 ? 'is' : 'are'} ${shown(got)}${at < 0 ? '' : `: byte ${at} differs`}.`;
    return [{ message, span }];
  });
}

function shown(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes.subarray(0, 40));
  return `${bytes.length} bytes (${JSON.stringify(text)}${bytes.length > 40 ? ' …' : ''})`;
}

function stepOf(step: ScenarioCallerStep, source: ScenarioSource): CallerStep | Unknown {
  const { span } = step;
  switch (step.kind) {
    case 'open': {
      const expect = expectationOf(step.expect, source);
      if (expect instanceof Unknown) return expect;
      const flags = step.options.reduce((sum, option) => sum | (createOptions[option] ?? 0), 0);
      return {
        kind: 'open',
        span,
        device: step.device,
        handle: step.handle,
        access: rights[step.access],
        share: shares[step.share],
        disposition: Math.max(0, dispositions.indexOf(step.disposition)),
        options: flags | (step.isOverlapped ? 0 : synchronous),
        expect,
      };
    }
    case 'ioctl': {
      const transfer = transferOf(step, source);
      const code = codeOf(step.code, source);
      const input = step.input === undefined ? undefined : contentOf(step.input, source.dataFiles);
      const data = step.data === undefined ? undefined : contentOf(step.data, source.dataFiles);
      if (transfer instanceof Unknown) return transfer;
      if (code instanceof Unknown) return code;
      return {
        kind: 'ioctl',
        span,
        ...transfer,
        code,
        text: codeText(step.code, code),
        input,
        data,
        outputLength: Math.max(step.outputLength, data?.length ?? 0),
        inputAddress: step.inputAddress === undefined ? undefined : BigInt(step.inputAddress),
        outputAddress: step.outputAddress === undefined ? undefined : BigInt(step.outputAddress),
      };
    }
    case 'read': {
      const transfer = transferOf(step, source);
      if (transfer instanceof Unknown) return transfer;
      return { kind: 'read', span, ...transfer, length: step.length, offset: bigOf(step.offset) };
    }
    case 'write': {
      const transfer = transferOf(step, source);
      const bytes = contentOf(step.bytes, source.dataFiles);
      if (transfer instanceof Unknown) return transfer;
      if (bytes === undefined) return new Unknown('bytes of a file that there is not');
      return { kind: 'write', span, ...transfer, bytes, offset: bigOf(step.offset) };
    }
    case 'flush': {
      const transfer = transferOf(step, source);
      return transfer instanceof Unknown ? transfer : { kind: 'flush', span, ...transfer };
    }
    case 'wait-for': {
      const expect = step.expect === undefined ? undefined : expectationOf(step.expect, source);
      if (expect instanceof Unknown) return expect;
      const { operation, timeoutMs } = step;
      return { kind: 'wait-for', span, operation, timeoutNs: nanoseconds(timeoutMs), expect };
    }
    case 'wait':
      return { kind: 'wait', span, ns: step.ms * 1_000_000 };
    case 'close':
    case 'cancel':
    case 'exit':
      return step;
    default:
      return unreachable(step);
  }
}

function transferOf(
  step: ScenarioCallerStep & { readonly kind: 'ioctl' | 'read' | 'write' | 'flush' },
  source: ScenarioSource,
) {
  const expect = expectationOf(step.expect, source);
  if (expect instanceof Unknown) return expect;
  return { handle: step.handle, operation: step.operation, timeoutNs: nanoseconds(step.timeoutMs), expect };
}

function expectationOf(outcome: ScenarioOutcome, source: ScenarioSource): CallerExpectation | Unknown {
  const { status, information, output } = outcome;
  const code = status === undefined || status === 'any' ? undefined : statusOf(status, source);
  if (code instanceof Unknown) return code;
  const expected =
    output === undefined || output.kind === 'length'
      ? output
      : { kind: 'bytes' as const, bytes: contentOf(output, source.dataFiles) ?? new Uint8Array() };
  return {
    status:
      code === undefined || status === undefined ? (status === 'any' ? 'any' : undefined) : { code, text: status },
    information: bigOf(information),
    output: expected,
  };
}

function nanoseconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms * 1_000_000;
}
