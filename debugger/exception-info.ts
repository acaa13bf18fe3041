/** What the client shows where a finding stopped the run: rule, message, bug check, and what led to it. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { RunFinding } from '../emulator/index.ts';
import { withPlace } from './place-text.ts';

export function exceptionInfo(finding: RunFinding): DebugProtocol.ExceptionInfoResponse['body'] {
  const { rule, message, severity } = finding;
  const check = bugCheckText(finding);
  const stackTrace = findingLines(finding).join('\n');
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

/** Call stack, then what happened to the object, oldest first. */
export function findingLines({ stack, history, docRules }: RunFinding): readonly string[] {
  return [
    ...stack.map(({ functionName, span }) => withPlace(`    at ${functionName}`, span)),
    ...(history.length === 0 ? [] : ['what happened before:']),
    ...history.map(({ what, span }) => withPlace(`    ${what}`, span)),
    ...(docRules.length === 0 ? [] : [`documentation rules: ${docRules.join(', ')}`]),
  ];
}
