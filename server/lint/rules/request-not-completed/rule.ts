/** A dispatch routine completes its request, passes it on, or keeps it and returns STATUS_PENDING. */
import { memo } from '../../../../base/memo.ts';
import type { FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { someNode } from '../../../../cfront/parse/walk.ts';
import { nodesIn, standsAlone } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { callsOf, roleOf } from '../../driver/roles.ts';
import { tellsNobody } from '../../driver/silent-routines.ts';
import type { IrpFact } from '../../flow/facts/irp.ts';
import { STATUS_MORE_PROCESSING_REQUIRED, STATUS_PENDING } from '../../flow/facts/statuses.ts';
import { analysisOf } from '../../flow/run/run.ts';
import type { Exit } from '../../flow/run/session.ts';
import { rangeOf, type State } from '../../flow/state/state.ts';
import { pathTo } from '../../flow/state/where.ts';
import type { Value } from '../../flow/values/values.ts';
import type { CheckContext, Rule } from '../../rule.ts';
import { lostBlocks } from '../../ways/lost-blocks.ts';
import { checkRequests, isOfUnknownDevice } from '../../ways/requests.ts';
import { storyOf } from '../../ways/wording.ts';

export const requestNotCompleted: Rule = {
  id: 'request-not-completed',
  severity: 'error',
  docRules: ['R102'],
  also: ['SDV IrpProcessingComplete', 'Driver Verifier C9/0x226'],
  summary: 'A dispatch routine completes its request, passes it on, or keeps it pending.',
  exit: (exit, context) => {
    checkRequests(exit, context, wrong);
    if (roleOf(context.session, context.fn) === 'DRIVER_DISPATCH') checkStopped(exit, context);
    checkGiven(exit, context);
  },
  calls: /^WdfRequest(?:Send|Requeue|ForwardTo\w+)$/,
  call: ({ api, expression, where }, { fn, session, report }) => {
    const [request] = expression.arguments;
    if (request === undefined || !standsAlone(fn.analysed, expression) || endsRequests(fn.analysed)) return;
    report({
      where,
      message: `Nobody looks at what ${api} returns: where it refuses the request, nobody completes it, and whoever asked for it waits for ever.`,
      path: [],
      severity: 'warning',
      docRules: [],
      // For those of the driver's own nobody waits.
      when: () => callsOf(session, 'WdfRequestCreate').length === 0,
    });
  },
};

/** It completes requests, or asks how they ended: it may do so with this one when it is back. */
const endsRequests = memo((definition: FunctionDefinition): boolean =>
  nodesIn(definition, 'call').some((call) => /^WdfRequest(?:Complete|GetStatus)/.test(calledName(call) ?? '')),
);

/** Of a queue of KMDF: the request that its callback was given, or that somebody took from it. */
function checkGiven(exit: Exit, { state, fn, report }: CheckContext): void {
  for (const { made, refused } of lostBlocks('request', exit, state, fn))
    report({
      where: exit.where,
      message:
        'On this way nobody completes the request, sends it on or keeps it: whoever asked for it waits for ever, and the device cannot be stopped.',
      path: [
        ...(made === undefined ? [] : pathTo(made.where, `${made.api} gives the request here`)),
        ...(refused === undefined ? [] : pathTo(refused.where, `${refused.api} may not take it`)),
        ...pathTo(exit.where, 'The function returns here'),
      ],
      docRules: [],
      when: () => !speaksOfPending(fn.definition),
    });
}

/** What it keeps pending it knows by that status, which a variable may hold on the way. */
const speaksOfPending = memo(({ body }: FunctionDefinition): boolean =>
  someNode(body, (node) => node.kind === 'integer' && node.value === STATUS_PENDING),
);

function wrong(fact: IrpFact, value: Value | undefined, state: State): string | undefined {
  if (isOfUnknownDevice(state)) return undefined;
  if (fact.isMarked || fact.isKept || fact.life.kind !== 'idle') return undefined;
  if (value === undefined || !isFinal(value, state)) return undefined;
  return 'The dispatch routine returns a final status, but on this way nobody completes the request or passes it on: whoever asked for it waits for ever.';
}

/** Known, or the failure of a call that has not taken the request. */
function isFinal(value: Value, state: State): boolean {
  if (value.kind === 'integer') return value.value !== STATUS_PENDING;
  const { max } = rangeOf(state, value);
  return value.kind === 'symbol' && max !== undefined && max < 0n;
}

/** It was passed on, and the completion routine stops it there: it keeps it nowhere, and tells nobody. */
function checkStopped(exit: Exit, { state, session, report }: CheckContext): void {
  for (const fact of state.facts.values()) {
    const { origin, life, routine, isKept, isQueued } = fact;
    if (origin !== 'received' || life.kind !== 'sent' || isKept || isQueued) continue;
    if (life.frees.kind !== 'never' || (life.isWaited && (fact.isMarked || life.frees.keeps))) continue;
    if (routine.kind !== 'set' || routine.value.kind !== 'function') continue;
    const info = session.functionOf(routine.value.symbol);
    if (info?.isUsers !== true) continue;
    const { definition } = info;
    report({
      where: exit.where,
      message: life.isWaited
        ? `${definition.symbol.name} has stopped the completion of the request with STATUS_MORE_PROCESSING_REQUIRED, and on this way nobody completes it after the wait: whoever asked for it waits for ever.`
        : `${definition.symbol.name} returns STATUS_MORE_PROCESSING_REQUIRED and gives the request to nobody, and nobody goes on with it here: whoever asked for it waits for ever.`,
      path: [...storyOf(fact), ...pathTo(exit.where, 'The dispatch routine returns here')],
      when: () => {
        const exits = analysisOf(session, info)?.exits ?? [];
        const isStopping = exits.every(
          ({ value }) => value?.kind === 'integer' && value.value === STATUS_MORE_PROCESSING_REQUIRED,
        );
        return exits.length > 0 && isStopping && (life.isWaited || tellsNobody(session, definition));
      },
    });
  }
}
