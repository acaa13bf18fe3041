/**
 * What the scenario's devices expect of requests: which comes next, and the bytes that it brings. A difference is a warning
 * at the answer in the scenario, with both sides' bytes and the IRP's history; the request gets its answer all the same, so
 * that one mistake does not hide the next.
 */
import { type GuestAddress, NULL_ADDRESS } from '../../machine/native.ts';
import type { IrpRecord, Kernel, StructView } from '../kernel-types.ts';
import { mdlData } from '../mm/mdl-records.ts';
import type { AnsweringDevice, ByteJudge, DeviceAnswer } from './device-plans.ts';
import { irpView, reportIrp } from './irps.ts';
import { isDirect, majors, methodOf, methods } from './request-codes.ts';

/** What opens, closes and powers a device; a driver does not send most of these itself. */
const housekeeping: readonly number[] = [majors.create, majors.close, majors.cleanup, majors.power, majors.pnp];

/** A request as a device's answers see it. */
export interface Asked {
  readonly major: number;
  readonly code: number | undefined;
  /** Read when an answer asks for them; undefined where the request brings none. */
  readonly input: () => Uint8Array | undefined;
  readonly data: () => Uint8Array | undefined;
}

/** What a request is, and the bytes that it brings. */
export function askedBy(kernel: Kernel, irp: GuestAddress, location: StructView): Asked {
  const given = location.getNumber('MajorFunction');
  const major = given === majors['internal-control'] ? majors.control : given;
  const view = irpView(kernel, irp);
  if (major === majors.write) {
    const input = (): Uint8Array | undefined =>
      bytesAt(kernel, transferBuffer(kernel, view), location.getNumber('Parameters.Write.Length'));
    return { major, code: undefined, input, data: none };
  }
  if (major !== majors.control) return { major, code: undefined, input: none, data: none };
  const code = location.getNumber('Parameters.DeviceIoControl.IoControlCode') >>> 0;
  const method = methodOf(code);
  const input = (): Uint8Array | undefined => {
    const address =
      method === methods.neither
        ? location.getPointer('Parameters.DeviceIoControl.Type3InputBuffer')
        : view.getPointer('AssociatedIrp.SystemBuffer');
    return bytesAt(kernel, address, location.getNumber('Parameters.DeviceIoControl.InputBufferLength'));
  };
  return { major, code, input, data: isDirect(method) ? () => mdlBytes(kernel, view.getPointer('MdlAddress')) : none };
}

const none = (): undefined => undefined;

/** The answer to a request: the first fitting one that has not been given yet, or the last. */
export function answerTo(
  kernel: Kernel,
  device: AnsweringDevice,
  record: IrpRecord,
  asked: Asked,
): DeviceAnswer | undefined {
  const isNext = (at: number): boolean => (device.given[at] ?? 0) === 0;
  const fitting = [...device.answers.keys()].filter((at) => fits(device.answers[at], asked));
  const at = fitting.find(isNext) ?? fitting.at(-1);
  if (device.isInOrder && !(at === undefined && housekeeping.includes(asked.major))) {
    const next = device.answers.findIndex((_, one) => isNext(one));
    if (next !== at || next < 0) reportOrder(kernel, device, record, asked, next, at);
  }
  if (at === undefined) return undefined;
  const answer = device.answers[at];
  device.given[at] = (device.given[at] ?? 0) + 1;
  if (answer === undefined) return undefined;
  const number = at + 1;
  const where = { kernel, device, record, answer, number };
  checkBytes(where, answer.expect, asked.input, asked.major === majors.write ? '' : ' of input');
  checkBytes(where, answer.expectData, asked.data, ' in the second buffer');
  return answer;
}

/** Expected requests that have not come: at the end of a run. */
export function reportUnasked(kernel: Kernel): void {
  for (const device of kernel.parts.io.answering.values()) {
    for (const [at, answer] of device.answers.entries()) {
      const { expect, expectData, text, span } = answer;
      const isExpected = device.isInOrder || expect !== undefined || expectData !== undefined;
      if (!isExpected || (device.given[at] ?? 0) > 0) continue;
      const bytes = expect ?? expectData;
      const wanted = bytes === undefined ? text : `${text} with ${bytes.text}`;
      kernel.report({
        rule: 'device-expectation',
        severity: 'warning',
        message: `The device ${device.name} expected ${wanted} (its answer ${at + 1}), but ${whyNot(device, at)}.`,
        span: span ?? device.span,
      });
      // In a row of requests the first that is missing says it all.
      if (device.isInOrder) break;
    }
  }
}

function whyNot(device: AnsweringDevice, at: number): string {
  const same = device.answers.filter((other) => isAlike(other, device.answers[at]));
  const asked = same.reduce((sum, other) => sum + (device.given[device.answers.indexOf(other)] ?? 0), 0);
  if (asked === 0) return 'no such request came';
  return `only ${asked === 1 ? 'one such request' : `${asked} such requests`} came`;
}

function isAlike(one: DeviceAnswer, other: DeviceAnswer | undefined): boolean {
  if (one.major !== other?.major || one.code !== other.code) return false;
  return String(one.when) === String(other.when);
}

function fits(answer: DeviceAnswer | undefined, asked: Asked): boolean {
  if (answer?.major !== asked.major || (answer.code ?? 0) >>> 0 !== (asked.code ?? 0) >>> 0) return false;
  const { when } = answer;
  if (when === undefined) return true;
  const input = asked.input();
  return input !== undefined && input.length >= when.length && when.every((byte, i) => byte === input[i]);
}

function reportOrder(
  kernel: Kernel,
  device: AnsweringDevice,
  record: IrpRecord,
  asked: Asked,
  next: number,
  at: number | undefined,
): void {
  const wanted = device.answers[next];
  const expected = wanted === undefined ? 'no further request' : `${wanted.text} next (its answer ${next + 1})`;
  const got = at === undefined ? requestText(asked) : (device.answers[at]?.text ?? requestText(asked));
  const which = at === undefined || at === next ? '' : ` (its answer ${at + 1})`;
  reportIrp(kernel, record, {
    rule: 'device-expectation',
    severity: 'warning',
    message: `The device ${device.name} expected ${expected}, but got ${got}${which}.`,
    span: wanted?.span ?? device.span,
  });
}

interface Place {
  readonly kernel: Kernel;
  readonly device: AnsweringDevice;
  readonly record: IrpRecord;
  readonly answer: DeviceAnswer;
  readonly number: number;
}

function checkBytes(place: Place, judge: ByteJudge | undefined, bytes: Asked['input'], what: string): void {
  const { kernel, device, record, answer, number } = place;
  const wrong = judge?.judge(bytes() ?? new Uint8Array());
  if (wrong === undefined) return;
  reportIrp(kernel, record, {
    rule: 'device-expectation',
    severity: 'warning',
    message: `The device ${device.name} expected ${wrong.expected}${what} with ${answer.text} (its answer ${number}), but got ${wrong.got}.`,
    span: answer.span ?? device.span,
  });
}

function requestText({ major, code }: Asked): string {
  if (code !== undefined) return `control code 0x${code.toString(16).toUpperCase()}`;
  if (major === majors.read) return 'a request to read';
  return major === majors.write ? 'a request to write' : `a request of major function 0x${major.toString(16)}`;
}

/** Where a read or a write has its bytes. */
export function transferBuffer(kernel: Kernel, view: StructView): GuestAddress {
  const mdl = view.getPointer('MdlAddress');
  if (mdl !== 0n) return mdlData(kernel, mdl);
  const buffer = view.getPointer('AssociatedIrp.SystemBuffer');
  return buffer !== 0n ? buffer : view.getPointer('UserBuffer');
}

function mdlBytes(kernel: Kernel, mdl: GuestAddress): Uint8Array | undefined {
  if (mdl === NULL_ADDRESS) return undefined;
  return bytesAt(kernel, mdlData(kernel, mdl), kernel.view('MDL', mdl).getNumber('ByteCount'));
}

function bytesAt(kernel: Kernel, address: GuestAddress, length: number): Uint8Array | undefined {
  return address === NULL_ADDRESS || length === 0 ? undefined : kernel.memory.peek(address, length);
}
