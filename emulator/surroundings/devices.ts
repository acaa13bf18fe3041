/**
 * The scenario's devices as the kernel takes them: codes and statuses by value, bytes of files, times in nanoseconds. What
 * a request must bring becomes a judge, because the kernel knows nothing of patterns.
 */

import type { ByteJudge, DeviceAnswer, DevicePlan } from '../kernel/io/device-plans.ts';
import { majors } from '../kernel/io/request-codes.ts';
import { bytesText, differenceText, expectationText, lookAtDatagram } from '../net/peer-expect.ts';
import type { ScenarioExpectation } from '../scenario/bytes.ts';
import type { ScenarioAnswer } from '../scenario/devices.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { contentOf, expectationOf } from './bytes.ts';
import { bigOf, codeOf, codeText, type ScenarioComplaint, type ScenarioSource, statusOf, Unknown } from './lookup.ts';

/** The devices, and what the scenario says of them that makes no sense. */
export function devicePlans(
  { devices }: Scenario,
  source: ScenarioSource,
): { readonly plans: readonly DevicePlan[]; readonly complaints: readonly ScenarioComplaint[] } {
  const complaints: ScenarioComplaint[] = [];
  const plans = devices.map(({ answers, changes, ...device }) => ({
    ...device,
    changes: changes.map(({ what, afterMs }) => ({ what, afterNs: afterMs * 1_000_000 })),
    answers: answers.flatMap((answer) => {
      const made = answerOf(answer, source);
      if (!(made instanceof Unknown)) return [made];
      complaints.push({
        message: `The scenario's device ${device.name} has an answer with ${made.why}.`,
        span: answer.span,
      });
      return [];
    }),
  }));
  return { plans, complaints };
}

function answerOf(answer: ScenarioAnswer, source: ScenarioSource): DeviceAnswer | Unknown {
  const { to, span, outputAt, delayMs } = answer;
  const status = statusOf(answer.status, source);
  const code = answer.code === undefined ? undefined : codeOf(answer.code, source);
  if (status instanceof Unknown) return status;
  if (code instanceof Unknown) return code;
  const expect = judgeOf(answer.expect, source);
  const expectData = judgeOf(answer.expectData, source);
  if (expect instanceof Unknown) return expect;
  if (expectData instanceof Unknown) return expectData;
  return {
    span,
    text: answer.code === undefined || code === undefined ? `a request to ${to}` : codeText(answer.code, code),
    major: majors[to === 'ioctl' ? 'control' : to],
    code,
    when: answer.when === undefined ? undefined : contentOf(answer.when, source.dataFiles),
    expect,
    expectData,
    status,
    bytes: answer.output === undefined ? undefined : contentOf(answer.output, source.dataFiles),
    outputAt,
    information: bigOf(answer.information),
    delayNs: delayMs === undefined ? undefined : delayMs * 1_000_000,
  };
}

function judgeOf(what: ScenarioExpectation | undefined, source: ScenarioSource): ByteJudge | undefined | Unknown {
  if (what === undefined) return undefined;
  const wanted = expectationOf(what, source.dataFiles);
  if (wanted === undefined) return new Unknown(`the file ${what.kind === 'file' ? what.path : ''}, which there is not`);
  return {
    text: expectationText(wanted),
    judge: (bytes) => {
      const result = lookAtDatagram(bytes, wanted);
      if (result.kind !== 'mismatch') return undefined;
      const { at } = result;
      const difference = bytes.length === 0 ? '' : `: ${differenceText(wanted, bytes, at)}`;
      return { expected: expectationText(wanted, at), got: `${bytesText(bytes, at)}${difference}` };
    },
  };
}
