/** A WSK call gets an IRP where it needs one, and NULL where the control code takes none. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import type { SendEvent } from '../../flow/facts/events.ts';
import { isNull, mayBeNull, resolve, type State } from '../../flow/state/state.ts';
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { controlAt, requestOf } from '../../ways/socket-controls.ts';

/** Control codes of WskControlClient by number: those that take no IRP, and the one that needs one. */
const withoutIrp: Readonly<Record<string, string>> = {
  2: 'WSK_TRANSPORT_LIST_QUERY',
  4: 'WSK_CACHE_SD',
  5: 'WSK_RELEASE_SD',
  6: 'WSK_TDI_DEVICENAME_MAPPING',
  7: 'WSK_SET_STATIC_EVENT_CALLBACKS',
  8: 'WSK_TDI_BEHAVIOR',
};
const WSK_TRANSPORT_LIST_CHANGE = 3n;

export const irpMissing: Rule = {
  id: 'irp-missing',
  severity: 'error',
  docRules: ['R26', 'R48'],
  also: ['C6387'],
  summary: 'A WSK call gets an IRP where it needs one, and NULL where its control code takes none.',
  events: ['send'],
  event: (event, { state, report }) => {
    if (event.kind !== 'send' || !event.isWsk || isFailedAllocation(event, state)) return;
    const message = wrong(event, state);
    if (message === undefined) return;
    const argument = event.where.arguments.at(-1);
    report({
      where: event.where,
      span: argument === undefined ? undefined : nodePlace(argument),
      message,
      docRules: [event.api.startsWith('WskControl') ? 'R48' : 'R26'],
      path: event.where.inside === undefined ? [] : pathTo(event.where, `${event.api} is called here`),
    });
  },
};

/** That nobody has looked whether the IRP was allocated is what irp-null-check says. */
function isFailedAllocation({ irp }: SendEvent, state: State): boolean {
  if (irp.kind !== 'symbol' || !isNull(state, irp)) return false;
  return irp.source.kind === 'new' || state.facts.get(irp.key)?.origin === 'own';
}

function wrong(event: SendEvent, state: State): string | undefined {
  const { api, irp } = event;
  const number = (name: string): bigint | undefined => {
    const value = resolve(state, event.arguments[event.parameters.indexOf(name)] ?? irp);
    return event.parameters.includes(name) && value.kind === 'integer' ? value.value : undefined;
  };
  const code = number('ControlCode');
  if (api === 'WskControlClient') {
    const name = withoutIrp[String(code)];
    if (name !== undefined && irp.kind !== 'anything' && !mayBeNull(state, irp)) return takesNone(api, name);
    return code === WSK_TRANSPORT_LIST_CHANGE && isNull(state, irp)
      ? needs(`${api} with WSK_TRANSPORT_LIST_CHANGE`)
      : undefined;
  }
  if (api === 'WskControlSocket') {
    const control = controlAt(requestOf(number('RequestType')), number('Level'), code);
    if (control?.irp === 'forbidden')
      return irp.kind === 'anything' || mayBeNull(state, irp) ? undefined : takesNone(api, control.name);
    return control?.irp === 'required' && isNull(state, irp) ? needs(`${api} with ${control.name}`) : undefined;
  }
  return !event.isIrpOptional && isNull(state, irp) ? needs(api) : undefined;
}

function takesNone(api: string, name: string): string {
  return `${api} with ${name} takes no IRP: the call fails with STATUS_INVALID_PARAMETER, and whoever waits for the IRP may wait for ever.`;
}

function needs(what: string): string {
  return `${what} needs an IRP: without one it fails with STATUS_INVALID_PARAMETER and does nothing.`;
}
