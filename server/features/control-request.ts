/**
 * Which of a call's constants fit together: WskControlSocket's request type, control code, level and sizes depend on
 * each other, and the catalog says how. The arguments before the one at hand come as text.
 */
import type { Catalog } from '../../catalog/catalog.ts';
import type { ApiFacts, ControlFact } from '../../catalog/model.ts';

/** Texts for the parameter, best first; undefined where the arguments before it say nothing about it. */
export function fittingValues(
  catalog: Catalog,
  api: ApiFacts,
  parameter: string,
  before: Readonly<Record<string, string>>,
): readonly string[] | undefined {
  if (api.name === 'WskControlSocket') return controlSocketValues(catalog, parameter, before);
  if (api.name === 'WskControlClient') return controlClientValues(catalog, parameter, before);
  if (parameter === 'IoControlCode' || (api.name.startsWith('WdfIoTargetSend') && parameter === 'IoctlCode')) {
    return catalog.facts.filter((facts) => facts.kind === 'ioctl').map((facts) => facts.name);
  }
  return undefined;
}

function controlSocketValues(
  catalog: Catalog,
  parameter: string,
  before: Readonly<Record<string, string>>,
): readonly string[] | undefined {
  const request = before['RequestType'] ?? '';
  if (parameter === 'ControlCode') {
    const fitting = catalog.facts.filter((facts) => {
      if (facts.kind !== 'socket-option' && facts.kind !== 'socket-ioctl') return false;
      const requests: readonly string[] = facts.control?.requests ?? [];
      return (
        requests.includes(request) ||
        (requests.length === 0 && (facts.kind === 'socket-ioctl') === (request === 'WskIoctl'))
      );
    });
    return fitting.length === 0 ? undefined : fitting.map((facts) => facts.name);
  }
  const code = catalog.byName(before['ControlCode'] ?? '')[0];
  if (parameter === 'Level') return request === 'WskIoctl' ? ['0'] : levelOf(code);
  if (code?.control === undefined) return undefined;
  return bufferValues(code.control, code, parameter, request === 'WskGetOption' ? 'get' : 'other');
}

function levelOf(code: ApiFacts | undefined): readonly string[] | undefined {
  if (code === undefined) return undefined;
  if (code.control?.level !== undefined) return [code.control.level];
  const protocols: readonly (readonly [string, string])[] = [
    ['TCP_', 'IPPROTO_TCP'],
    ['IPV6_', 'IPPROTO_IPV6'],
    ['UDP_', 'IPPROTO_UDP'],
    ['IP_', 'IPPROTO_IP'],
    ['SO_', 'SOL_SOCKET'],
  ];
  const protocol = protocols.find(([prefix]) => code.name.startsWith(prefix));
  return protocol === undefined ? undefined : [protocol[1]];
}

function controlClientValues(
  catalog: Catalog,
  parameter: string,
  before: Readonly<Record<string, string>>,
): readonly string[] | undefined {
  const code = catalog.byName(before['ControlCode'] ?? '')[0];
  return code?.control === undefined ? undefined : bufferValues(code.control, code, parameter, 'other');
}

function bufferValues(
  control: ControlFact,
  code: ApiFacts,
  parameter: string,
  use: 'get' | 'other',
): readonly string[] | undefined {
  const input = use === 'get' ? undefined : control.input;
  const output = use === 'get' || control.output !== undefined ? (control.output ?? control.input) : undefined;
  switch (parameter) {
    case 'InputSize':
      return sizeValues(input);
    case 'OutputSize':
      return sizeValues(output);
    case 'InputBuffer':
      return input === undefined ? ['NULL'] : undefined;
    case 'OutputBuffer':
      return output === undefined ? ['NULL'] : undefined;
    case 'OutputSizeReturned':
      return control.outputSizeReturned === 'NULL' ? ['NULL'] : undefined;
    case 'Irp':
      return code.irp?.use === 'must-be-null' ? ['NULL'] : undefined;
    default:
      return undefined;
  }
}

/** `sizeof(ULONG)` where the fact is a type of fixed size ("ULONG, 0 or 1"), 0 where there is no buffer. */
function sizeValues(buffer: string | undefined): readonly string[] | undefined {
  if (buffer === undefined) return ['0'];
  const type = /^(?:variable of type )?([A-Z][A-Z0-9_]+)(?:, 0 or 1|, bytes|, which .*| of \w+ flags)?$/.exec(
    buffer,
  )?.[1];
  return type === undefined ? undefined : [`sizeof(${type})`];
}
