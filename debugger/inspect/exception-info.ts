/** What the client shows where a finding stopped the run: rule, message, bug check, and what led to it. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Span } from '../../base/source.ts';
import type { RunFinding } from '../../emulator/index.ts';
import { withPlace } from '../place-text.ts';

export function exceptionInfo(finding: RunFinding): DebugProtocol.ExceptionInfoResponse['body'] {
  const { rule, message, severity } = finding;
  const check = bugCheckText(finding);
  const stackTrace = findingLines(finding)
    .map(({ text, span }) => withPlace(text, span))
    .join('\n');
  return {
    exceptionId: rule,
    description: check === undefined ? message : `${message}\n${check}`,
    breakMode: severity === 'error' ? 'unhandled' : 'always',
    details: {
      message,
      typeName: finding.bugCheck?.name ?? rule,
      ...(stackTrace === '' ? {} : { stackTrace }),
    },
  };
}

/** "Bug check 0xC4 DRIVER_VERIFIER_DETECTED_VIOLATION (…)". */
export function bugCheckText({ bugCheck }: RunFinding): string | undefined {
  if (bugCheck === undefined) return undefined;
  const parameters = bugCheck.parameters.length === 0 ? '' : ` (${bugCheck.parameters.join(', ')})`;
  return `Bug check 0x${bugCheck.code.toString(16).toUpperCase()} ${bugCheck.name}${parameters}`;
}

export interface FindingLine {
  readonly text: string;
  readonly span: Span | undefined;
}

/** Frames of a stack that are written down; an endless recursion has hundreds. */
const framesMax = 20;

/** Call stack, then what happened to the object, oldest first. */
export function findingLines({ stack, history }: RunFinding): readonly FindingLine[] {
  const plain = (text: string): FindingLine => ({ text, span: undefined });
  const more = stack.length - framesMax;
  return [
    ...stack.slice(0, framesMax).map(({ functionName, span }) => ({ text: `    at ${functionName}`, span })),
    ...(more > 0 ? [plain(`    and ${more} more`)] : []),
    ...(history.length === 0 ? [] : [plain('what happened before:')]),
    ...history.map(({ what, span }) => ({ text: `    ${what}`, span })),
  ];
}
