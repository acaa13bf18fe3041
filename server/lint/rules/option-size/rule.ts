/** The buffers of a control request have the size of the type that the request takes and gives. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { resolve } from '../../flow/state/state.ts';
import type { CheckContext, Rule } from '../../rule.ts';
import { controlAt, requestOf } from '../../ways/socket-controls.ts';

/** Requests of WskControlClient: the sizes of what goes in and comes out. */
const clients: Readonly<Record<string, { readonly name: string; readonly input?: Size; readonly output?: Size }>> = {
  4: {
    name: 'WSK_CACHE_SD',
    input: { bytes: 8n, type: 'PSECURITY_DESCRIPTOR' },
    output: { bytes: 8n, type: 'PSECURITY_DESCRIPTOR' },
  },
  5: { name: 'WSK_RELEASE_SD', input: { bytes: 8n, type: 'PSECURITY_DESCRIPTOR' } },
  7: { name: 'WSK_SET_STATIC_EVENT_CALLBACKS', input: { bytes: 16n, type: 'WSK_EVENT_CALLBACK_CONTROL' } },
};

interface Size {
  readonly bytes: bigint;
  readonly type: string;
}

export const optionSize: Rule = {
  id: 'option-size',
  severity: 'error',
  docRules: ['R49'],
  also: [],
  summary: 'The buffers of a control request have the size of its type.',
  seesThroughHelpers: true,
  calls: ['WskControlClient', 'WskControlSocket'],
  call: (call, context) => {
    if (!call.isWsk) return;
    const number = (name: string): bigint | undefined => {
      const value = call.arguments[call.parameters.indexOf(name)];
      const known = value === undefined ? undefined : resolve(context.state, value);
      return known?.kind === 'integer' ? known.value : undefined;
    };
    const tell = (name: string, parameter: string, size: Size): void => {
      tellSize(context, call, name, parameter, size, number(parameter));
    };
    if (call.api === 'WskControlClient') {
      const request = clients[String(number('ControlCode'))];
      if (request?.input !== undefined) tell(request.name, 'InputSize', request.input);
      if (request?.output !== undefined) tell(request.name, 'OutputSize', request.output);
      return;
    }
    if (call.api !== 'WskControlSocket') return;
    const request = requestOf(number('RequestType'));
    const control = controlAt(request, number('Level'), number('ControlCode'));
    if (control === undefined) return;
    if (request === 'set' && control.size !== undefined) tell(control.name, 'InputSize', control.size);
    if (request === 'get' && control.only !== 'set' && control.output !== undefined)
      tell(control.name, 'OutputSize', control.output);
    if (request === 'ioctl' && control.output !== undefined) tell(control.name, 'OutputSize', control.output);
  },
};

function tellSize(
  { report }: CheckContext,
  { api, where, parameters }: Parameters<NonNullable<Rule['call']>>[0],
  name: string,
  parameter: string,
  size: Size,
  given: bigint | undefined,
): void {
  if (given === undefined || given === size.bytes) return;
  // More room than an answer needs does no harm.
  if (parameter === 'OutputSize' && given > size.bytes) return;
  const argument = where.arguments[parameters.indexOf(parameter)];
  const span = argument === undefined ? undefined : nodePlace(argument);
  report({
    where,
    ...(span === undefined
      ? {}
      : {
          span,
          fixes: [
            { title: `Pass sizeof(${size.type})`, isCertain: true, edits: [{ span, newText: `sizeof(${size.type})` }] },
          ],
        }),
    message: `${name} takes ${size.bytes} bytes (${size.type}), but ${parameter} is ${given}: ${api} fails with STATUS_INVALID_PARAMETER.`,
    path: [],
  });
}
