/**
 * Which of a call's constants fit together: WskControlSocket's request type, control code, level and sizes depend on
 * each other, and the catalog says how. The arguments before the one at hand come as text.
 */
import { type Catalog, optionLevel } from '../../../catalog/catalog.ts';
import type { ApiFacts, ControlFact, SocketCategory } from '../../../catalog/model.ts';

/** Texts for the parameter, best first, none where only a variable will do; undefined where the arguments before it say nothing about it. */
export function fittingValues(
  catalog: Catalog,
  api: ApiFacts,
  parameter: string,
  before: Readonly<Record<string, string>>,
  category: SocketCategory | undefined,
): readonly string[] | undefined {
  if (api.name === 'WskControlSocket') return controlSocketValues(catalog, parameter, before, category);
  if (api.name === 'WskControlClient') return controlClientValues(catalog, parameter, before);
  if (parameter === 'IoControlCode') return deviceControlCodes(catalog);
  const code = catalog.byName(before['IoControlCode'] ?? '')[0]?.ioctl;
  if (code === undefined) return undefined;
  switch (parameter) {
    case 'InputBuffer':
      return code.input === undefined ? ['NULL'] : undefined;
    case 'InputBufferLength':
      return sizeValues(typeIn(code.input));
    case 'OutputBuffer':
      return code.output === undefined ? ['NULL'] : undefined;
    case 'OutputBufferLength':
      // Data of the driver's own size has no type.
      return code.output === undefined || typeIn(code.output) !== undefined
        ? sizeValues(typeIn(code.output))
        : undefined;
    default:
      return undefined;
  }
}

/**
 * Where the level stands there already, its options come before others, and where the code does, the request that it is
 * for: they may be about to change as well.
 */
export function fittingFirst(
  catalog: Catalog,
  api: ApiFacts,
  parameter: string,
  values: readonly string[],
  after: Readonly<Record<string, string>>,
): readonly string[] {
  const level = after['Level'] ?? '';
  if (api.name !== 'WskControlSocket') return values;
  if (parameter === 'RequestType') {
    const wanted: readonly string[] = catalog.byName(after['ControlCode'] ?? '')[0]?.control?.requests ?? [];
    return values.toSorted((a, b) => Number(wanted.includes(b)) - Number(wanted.includes(a)));
  }
  if (parameter !== 'ControlCode' || level === '') return values;
  const fits = (name: string): boolean => {
    const facts = catalog.byName(name)[0];
    return facts?.kind === 'socket-ioctl' ? level === '0' : levelOf(facts)?.includes(level) === true;
  };
  return [...values.filter(fits), ...values.filter((name) => !fits(name))];
}

/**
 * A control code of WskControlSocket with the arguments that go with it, as text with placeholders; undefined where the
 * request type is not known.
 */
export function controlSocketCall(
  catalog: Catalog,
  code: string,
  before: Readonly<Record<string, string>>,
): string | undefined {
  const request = before['RequestType'] ?? '';
  const facts = catalog.byName(code)[0];
  if (!/^Wsk(?:SetOption|GetOption|Ioctl)$/.test(request) || facts?.control === undefined) return undefined;
  const known = { ...before, ControlCode: code };
  let holes = 0;
  const hole = (name: string): string => `\${${++holes}:${name}}`;
  const value = (parameter: string, otherwise: () => string): string =>
    controlSocketValues(catalog, parameter, known, undefined)?.[0] ?? otherwise();
  return [
    code,
    value('Level', () => hole('level')),
    value('InputSize', () => hole('inputSize')),
    value('InputBuffer', () => `&${hole('input')}`),
    value('OutputSize', () => hole('outputSize')),
    value('OutputBuffer', () => `&${hole('output')}`),
    value('OutputSizeReturned', () => `&${hole('returned')}`),
    facts.irp?.use === 'required' ? hole('irp') : 'NULL',
  ].join(', ');
}

export function deviceControlCodes(catalog: Catalog): readonly string[] {
  return catalog.facts.filter((facts) => facts.kind === 'ioctl').map((facts) => facts.name);
}

/** Name of the type that a buffer parameter points to, where the code before it says so. */
export function bufferTypeName(
  catalog: Catalog,
  parameter: string,
  before: Readonly<Record<string, string>>,
): string | undefined {
  const code = catalog.byName(before['ControlCode'] ?? before['IoControlCode'] ?? '')[0];
  const request = before['RequestType'];
  switch (parameter) {
    case 'InputBuffer':
      return request === 'WskGetOption' ? undefined : typeIn(code?.control?.input ?? code?.ioctl?.input);
    case 'OutputBuffer':
      return request === 'WskSetOption' ? undefined : typeIn(code?.control?.output ?? code?.ioctl?.output);
    default:
      return undefined;
  }
}

/** The type that a description of a buffer begins with: "DOT4_DC_OPEN_DATA with bHsid". */
export function typeIn(buffer: string | undefined): string | undefined {
  return /^(?:variable of type )?([A-Z][A-Z0-9_]{2,})\b(?!\[)/.exec(buffer ?? '')?.[1];
}

function controlSocketValues(
  catalog: Catalog,
  parameter: string,
  before: Readonly<Record<string, string>>,
  category: SocketCategory | undefined,
): readonly string[] | undefined {
  const request = before['RequestType'] ?? '';
  if (parameter === 'ControlCode') {
    const fitting = catalog.facts.filter((facts) => {
      if (facts.kind !== 'socket-option' && facts.kind !== 'socket-ioctl') return false;
      if (category !== undefined && facts.categories?.includes(category) === false) return false;
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
  const use = request === 'WskGetOption' ? 'get' : request === 'WskSetOption' ? 'set' : 'other';
  return bufferValues(code.control, code, parameter, use);
}

function levelOf(code: ApiFacts | undefined): readonly string[] | undefined {
  const level = code === undefined ? undefined : optionLevel(code);
  return level === undefined ? undefined : [level];
}

function controlClientValues(
  catalog: Catalog,
  parameter: string,
  before: Readonly<Record<string, string>>,
): readonly string[] | undefined {
  if (parameter === 'ControlCode') {
    return catalog.facts.filter((facts) => facts.kind === 'client-control').map((facts) => facts.name);
  }
  const code = catalog.byName(before['ControlCode'] ?? '')[0];
  return code?.control === undefined ? undefined : bufferValues(code.control, code, parameter, 'other');
}

function bufferValues(
  control: ControlFact,
  code: ApiFacts,
  parameter: string,
  use: 'get' | 'set' | 'other',
): readonly string[] | undefined {
  const input = use === 'get' ? undefined : control.input;
  const output = use === 'get' ? (control.output ?? control.input) : use === 'set' ? undefined : control.output;
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
      return code.irp?.use === 'must-be-null' ? ['NULL'] : code.irp?.use === 'required' ? [] : undefined;
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
