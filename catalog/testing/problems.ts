/**
 * What is wrong in the catalog: run by a test over the bundled data, so that a slip in a YAML file never reaches a user.
 *
 * In: the catalog as it came out of YAML, which may be anything. Out: one line per problem, with the place. Checked are
 * the shape (unknown and missing keys, words outside their list) and the names: each header, status, value, type,
 * member and parameter that a fact mentions has to occur in the bundled headers.
 */
import { pageUrl } from '../page-url.ts';

export interface CatalogProblem {
  /** "WskSocket", "WskSocket/Flags". */
  readonly where: string;
  readonly message: string;
}

interface Shape {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const factShape: Shape = {
  required: ['name', 'kind', 'header', 'summary'],
  optional: [
    'typeName',
    'irql',
    'irp',
    'parameters',
    'members',
    'categories',
    'returns',
    'control',
    'ioctl',
    'minimumOs',
    'page',
    'rules',
    'deprecated',
  ],
};
const shapes: Readonly<Record<string, Shape>> = {
  irql: { required: ['max'], optional: ['min', 'unless', 'remark'] },
  irp: { required: ['use'], optional: ['information'] },
  parameters: { required: ['name'], optional: ['direction', 'optional', 'reserved', 'lifetime', 'note', 'values'] },
  members: { required: ['name'], optional: ['note', 'values'] },
  returns: { required: ['name', 'meaning'], optional: [] },
  control: { required: [], optional: ['level', 'requests', 'input', 'output', 'outputSizeReturned', 'order'] },
  ioctl: { required: ['code', 'method'], optional: ['input', 'output'] },
};

const irqlNames = ['PASSIVE_LEVEL', 'APC_LEVEL', 'DISPATCH_LEVEL', 'DIRQL', 'HIGH_LEVEL'];
/** By the number in a control code's lowest two bits. */
const methods = ['METHOD_BUFFERED', 'METHOD_IN_DIRECT', 'METHOD_OUT_DIRECT', 'METHOD_NEITHER'];
/** Key, and the words that may stand there. Keys are unique over all shapes. */
const words: Readonly<Record<string, readonly string[]>> = {
  kind: [
    'function',
    'table-function',
    'callback',
    'structure',
    'enumeration',
    'macro',
    'constant',
    'socket-option',
    'socket-ioctl',
    'client-control',
    'ioctl',
  ],
  min: irqlNames,
  max: irqlNames,
  use: ['required', 'optional', 'must-be-null', 'none'],
  direction: ['in', 'out', 'in-out'],
  lifetime: ['call', 'request', 'callback', 'retained', 'socket', 'attachment', 'registration', 'ended'],
  categories: ['basic', 'listen', 'datagram', 'connection', 'stream'],
  level: ['SOL_SOCKET', '0'],
  requests: ['WskSetOption', 'WskGetOption', 'WskIoctl'],
  outputSizeReturned: ['NULL', 'non-NULL'],
  method: methods,
};

/** Problems of the whole catalog, in its order; empty for a sound one. `data` is a CatalogData, or tries to be. */
export function catalogProblems(data: {
  readonly headers: Readonly<Record<string, string>>;
  readonly facts: readonly unknown[];
}): CatalogProblem[] {
  const problems: CatalogProblem[] = [];
  const names = headerWords(data.headers);
  const headerNames = new Set(Object.keys(data.headers).map((h) => h.toLowerCase()));
  const seen = new Set<string>();
  data.facts.forEach((fact, index) => {
    if (!isRecord(fact)) {
      problems.push({ where: `entry ${index}`, message: 'is no mapping' });
      return;
    }
    const where = typeof fact.name === 'string' ? fact.name : `entry ${index}`;
    const report = (place: string, message: string): void => {
      problems.push({ where: place === '' ? where : `${where}/${place}`, message });
    };
    checkShape(fact, factShape, '', report);
    for (const [key, shape] of Object.entries(shapes)) {
      for (const part of listOf(fact[key])) {
        if (isRecord(part)) checkShape(part, shape, partName(key, part), report);
        else report(key, 'is no mapping');
      }
    }
    const identity = `${where} ${show(fact.typeName ?? '')}`;
    if (seen.has(identity)) report('', 'occurs twice with the same type name');
    seen.add(identity);
    checkNames(fact, names, headerNames, report);
    checkTexts(fact, report);
    checkIoctl(fact, report);
  });
  return problems;
}

type Report = (place: string, message: string) => void;

function checkShape(part: Record<string, unknown>, shape: Shape, place: string, report: Report): void {
  for (const key of shape.required) if (part[key] === undefined) report(place, `lacks "${key}"`);
  for (const [key, value] of Object.entries(part)) {
    if (!shape.required.includes(key) && !shape.optional.includes(key)) report(place, `has the unknown key "${key}"`);
    const allowed = words[key];
    if (!allowed) continue;
    for (const word of listOf(value))
      if (typeof word !== 'string' || !allowed.includes(word)) report(place, `"${key}" cannot be "${show(word)}"`);
  }
}

/** Everything that a fact calls by a C name must occur in a header. */
function checkNames(
  fact: Record<string, unknown>,
  names: ReadonlySet<string>,
  headerNames: ReadonlySet<string>,
  report: Report,
): void {
  const mustOccur = (place: string, name: unknown): void => {
    if (typeof name !== 'string' || !names.has(name)) report(place, `"${show(name)}" occurs in no header`);
  };
  // A value may be an expression, as `sizeof(X)` or `&X`: the names in it are meant.
  const mayBeWritten = (place: string, value: unknown): void => {
    if (typeof value !== 'string') mustOccur(place, value);
    else for (const [name] of value.matchAll(/[A-Za-z_]\w*/g)) if (name !== 'sizeof') mustOccur(place, name);
  };
  const isCalledThroughType = fact.typeName !== undefined && fact.kind !== 'function';
  mustOccur('', isCalledThroughType ? fact.typeName : fact.name);
  if (typeof fact.header !== 'string' || !headerNames.has(fact.header.toLowerCase()))
    report('', `header "${show(fact.header)}" is not bundled`);
  for (const parameter of listOf(fact.parameters).filter(isRecord)) {
    const place = partName('parameters', parameter);
    if (fact.kind !== 'macro') mustOccur(place, parameter.name);
    for (const value of listOf(parameter.values)) mayBeWritten(place, value);
  }
  for (const member of listOf(fact.members).filter(isRecord)) {
    const place = partName('members', member);
    mustOccur(place, member.name);
    for (const value of listOf(member.values)) mayBeWritten(place, value);
  }
  for (const status of listOf(fact.returns).filter(isRecord)) mustOccur(partName('returns', status), status.name);
}

/** Texts are sentences: capital or name first, full stop last. */
function checkTexts(fact: Record<string, unknown>, report: Report): void {
  const texts: readonly (readonly [string, unknown])[] = [
    ['summary', fact.summary],
    ['deprecated', fact.deprecated],
    ...listOf(fact.rules).map((rule) => ['rules', rule] as const),
  ];
  for (const [key, text] of texts) {
    if (text === undefined) continue;
    if (typeof text !== 'string' || !/^\S.*[.!?)`]$/s.test(text.trim()))
      report('', `${key} is no sentence: "${show(text)}"`);
  }
  if (fact.page !== undefined && (typeof fact.page !== 'string' || pageUrl(fact.page) === undefined))
    report('', `page "${show(fact.page)}" is neither a UID nor a path`);
}

function checkIoctl(fact: Record<string, unknown>, report: Report): void {
  if (!isRecord(fact.ioctl)) return;
  const { code, method } = fact.ioctl;
  if (typeof code !== 'number' || methods[code & 3] !== method) report('ioctl', 'code and method do not agree');
}

/** All identifiers of the headers, comments left out. */
function headerWords(headers: Readonly<Record<string, string>>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const text of Object.values(headers))
    for (const match of text.replace(/\/\*.*?\*\//gs, ' ').matchAll(/[A-Za-z_]\w*/g)) found.add(match[0]);
  return found;
}

/** A value of unknown kind, for a message. */
function show(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
}

function partName(key: string, part: Record<string, unknown>): string {
  return typeof part.name === 'string' ? `${key}/${part.name}` : key;
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
