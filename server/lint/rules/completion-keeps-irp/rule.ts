/** The completion routine of an own IRP returns STATUS_MORE_PROCESSING_REQUIRED on every path. */
import type { ReturnStatement } from '../../../../cfront/parse/ast.ts';
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { STATUS_MORE_PROCESSING_REQUIRED } from '../../flow/facts/statuses.ts';
import { analysisOf } from '../../flow/run/run.ts';
import type { Exit, FunctionInfo } from '../../flow/run/session.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { FinishContext, Registration, Rule } from '../../rule.ts';

export const completionKeepsIrp: Rule = {
  id: 'completion-keeps-irp',
  severity: 'error',
  docRules: ['R17'],
  also: ['SDV CompleteRequest'],
  summary:
    'The completion routine of an IRP of the driver itself returns STATUS_MORE_PROCESSING_REQUIRED on every path.',
  finish: (context) => {
    for (const routine of new Set(context.registrations.map((registration) => registration.routine))) {
      const registrations = context.registrations.filter((registration) => registration.routine === routine);
      if (routine.isUsers && registrations.every((r) => r.isOwn)) check(context, routine, registrations);
    }
  },
};

function check(
  { session, report }: FinishContext,
  routine: FunctionInfo,
  registrations: readonly Registration[],
): void {
  const [registration] = registrations;
  const hasContext = registrations.every((r) => r.hasContext);
  for (const exit of analysisOf(session, routine)?.exits ?? []) {
    // A way that asks for a context that is always there is never gone.
    const what = hasContext && exit.lacksContext ? undefined : wrongResult(exit, routine);
    if (what === undefined || registration === undefined) continue;
    const node = exit.where.node as Partial<ReturnStatement>;
    const value = node.kind === 'return' ? node.value : undefined;
    const span = value === undefined ? undefined : nodePlace(value);
    report({
      where: exit.where,
      message: `${routine.definition.symbol.name} returns ${what} for an IRP of the driver itself; the I/O manager then goes on completing it after the routine may have freed it. STATUS_MORE_PROCESSING_REQUIRED stops that.`,
      path: [
        ...(registration.allocated === undefined
          ? []
          : pathTo(registration.allocated, 'The IRP is allocated or reused by the driver here')),
        ...pathTo(registration.where, 'It gets the completion routine here'),
      ],
      ...(span !== undefined
        ? {
            fixes: [
              {
                title: 'Return STATUS_MORE_PROCESSING_REQUIRED',
                edits: [{ span, newText: 'STATUS_MORE_PROCESSING_REQUIRED' }],
              },
            ],
          }
        : {}),
      once: siteKey(exit.where),
    });
  }
}

/** What is returned in words, where it is surely the wrong thing. */
function wrongResult({ value }: Exit, routine: FunctionInfo): string | undefined {
  if (value?.kind === 'integer') {
    if (value.value === STATUS_MORE_PROCESSING_REQUIRED) return undefined;
    return value.value === 0n
      ? 'STATUS_SUCCESS'
      : `0x${BigInt.asUintN(32, value.value).toString(16).toUpperCase().padStart(8, '0')}`;
  }
  if (value?.kind !== 'symbol' || value.source.kind !== 'initial') return undefined;
  const { root, steps } = value.source.place;
  const isIrps = root.kind === 'pointee' && root.pointer.source.kind === 'parameter' && root.pointer.source.index === 1;
  const [step, more] = steps;
  if (!isIrps || step?.kind !== 'offset' || more !== undefined || step.bytes !== statusOffset(routine))
    return undefined;
  return "the request's own status";
}

/** Where IoStatus lies in the IRP that the routine takes. */
function statusOffset(routine: FunctionInfo): number | undefined {
  const type = routine.definition.parameters[1]?.type;
  if (type?.kind !== 'pointer' || type.target.kind !== 'record') return undefined;
  return type.target.definition.fields?.find((field) => field.name === 'IoStatus')?.offset;
}
