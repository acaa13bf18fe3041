/**
 * The scenario's programs, devices and files as the kernel takes them: control codes and statuses by value, bytes of files,
 * times in nanoseconds. What a scenario names and nobody defines becomes a step that can't be done, or a complaint.
 */
import { unreachable } from '../../base/assert.ts';
import type { Span } from '../../base/source.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import type { CallerExpectation, CallerPlan, CallerStep } from '../kernel/callers/caller-types.ts';
import { addFile, nodeAt } from '../kernel/files/file-system.ts';
import type { DeviceAnswer, DevicePlan } from '../kernel/io/device-answers.ts';
import { systemTimeNow } from '../kernel/ke/system-time.ts';
import type { Kernel } from '../kernel/kernel-types.ts';
import { repeated, type ScenarioBytes } from '../scenario/bytes.ts';
import type {
  ScenarioAccess,
  ScenarioCallerStep,
  ScenarioCode,
  ScenarioDevice,
  ScenarioOutcome,
  ScenarioShare,
} from '../scenario/callers.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { statusValue } from './faults.ts';
import { codeNames, namedValue } from './macros.ts';
import type { DataFiles } from './network.ts';
import type { Difference } from './registry.ts';

/** What names are looked up in. */
export interface CallerSource {
  readonly units: readonly TranslationUnit[];
  readonly catalog: Catalog;
  readonly dataFiles: DataFiles;
}

export interface ScenarioComplaint {
  readonly message: string;
  readonly span: Span | undefined;
}

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
const methods = { buffered: 0, 'in-direct': 1, 'out-direct': 2, neither: 3 } as const;
const codeAccess = { any: 0, read: 1, write: 2, 'read-write': 3 } as const;
const majors = { create: 0, close: 2, read: 3, write: 4, flush: 9, ioctl: 0x0e, cleanup: 0x12, power: 0x16, pnp: 0x1b };

/** A name that nothing defines. */
class Unknown {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

export function callerPlans({ callers }: Scenario, source: CallerSource): CallerPlan[] {
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

/** The devices, and what the scenario says of them that makes no sense. */
export function devicePlans(
  { devices }: Scenario,
  source: CallerSource,
): { readonly plans: readonly DevicePlan[]; readonly complaints: readonly ScenarioComplaint[] } {
  const complaints: ScenarioComplaint[] = [];
  const plans = devices.map(({ name, link, io, isPnp, answers }) => ({
    name,
    link,
    io,
    isPnp,
    answers: answers.flatMap((answer) => {
      const made = answerOf(answer, source);
      if (!(made instanceof Unknown)) return [made];
      complaints.push({ message: `The scenario's device ${name} has an answer with ${made.why}.`, span: answer.span });
      return [];
    }),
  }));
  return { plans, complaints };
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

function stepOf(step: ScenarioCallerStep, source: CallerSource): CallerStep | Unknown {
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
      const text = step.code.kind === 'name' ? step.code.text : `control code 0x${code.toString(16).toUpperCase()}`;
      return {
        kind: 'ioctl',
        span,
        ...transfer,
        code,
        text,
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
  source: CallerSource,
) {
  const expect = expectationOf(step.expect, source);
  if (expect instanceof Unknown) return expect;
  return { handle: step.handle, operation: step.operation, timeoutNs: nanoseconds(step.timeoutMs), expect };
}

function expectationOf(outcome: ScenarioOutcome, source: CallerSource): CallerExpectation | Unknown {
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

function answerOf(answer: ScenarioDevice['answers'][number], source: CallerSource): DeviceAnswer | Unknown {
  const status = statusOf(answer.status, source);
  const code = answer.code === undefined ? undefined : codeOf(answer.code, source);
  if (status instanceof Unknown) return status;
  if (code instanceof Unknown) return code;
  return {
    major: majors[answer.to],
    code,
    status,
    bytes: answer.output === undefined ? undefined : contentOf(answer.output, source.dataFiles),
    information: bigOf(answer.information),
    delayNs: answer.delayMs * 1_000_000,
  };
}

function codeOf(code: ScenarioCode, { units }: CallerSource): number | Unknown {
  if (code.kind === 'name') {
    const value = namedValue(units, code.text);
    if (value !== undefined) return Number(BigInt.asUintN(32, value));
    const names = codeNames(units).slice(0, 8);
    const known = names.length === 0 ? '' : `; there are ${names.join(', ')}`;
    return new Unknown(`no macro ${code.text} in the driver or its headers${known}`);
  }
  const device = namedValue(units, code.device);
  const number = namedValue(units, code.function);
  if (device === undefined) return new Unknown(`no macro ${code.device} in the driver or its headers`);
  if (number === undefined) return new Unknown(`no macro ${code.function} in the driver or its headers`);
  const value = (Number(device) << 16) | (codeAccess[code.access] << 14) | (Number(number) << 2) | methods[code.method];
  return value >>> 0;
}

function statusOf(text: string, { catalog }: CallerSource): number | Unknown {
  if (text.startsWith('0x')) return Number(BigInt.asIntN(32, BigInt(text)));
  return statusValue(catalog, text) ?? new Unknown(`no status ${text} in ntstatus.h`);
}

function contentOf(bytes: ScenarioBytes, files: DataFiles): Uint8Array | undefined {
  if (bytes.kind === 'bytes') return bytes.bytes;
  const once = files.get(bytes.path);
  return once === undefined ? undefined : repeated(once, bytes.repeat);
}

function nanoseconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms * 1_000_000;
}

function bigOf(value: number | undefined): bigint | undefined {
  return value === undefined ? undefined : BigInt(value);
}
