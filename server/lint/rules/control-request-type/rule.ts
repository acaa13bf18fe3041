/** An option goes with its level and with WskSetOption or WskGetOption, an IOCTL with WskIoctl, whose level nobody looks at. */
import type { Span } from '../../../../base/source.ts';
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { writtenFor } from '../../driver/written.ts';
import { siteKey, whereOf } from '../../flow/state/where.ts';
import type { Report, Rule } from '../../rule.ts';
import { numberOf, requestOf } from '../../ways/socket-controls.ts';
import { controlNames, type Mistake, mistakeOf } from './mistake.ts';
import { tabledControls } from './tables.ts';

export const controlRequestType: Rule = {
  id: 'control-request-type',
  severity: 'error',
  docRules: ['R51', 'R52'],
  also: [],
  summary: 'A SIO_ code goes with WskIoctl, an option with WskSetOption or WskGetOption and its level.',
  seesThroughHelpers: true,
  calls: ['WskControlSocket'],
  call: ({ arguments: values, parameters, where }, { state, fn, session, report }) => {
    const at = (name: string): number => parameters.indexOf(name);
    const number = (name: string): bigint | undefined => {
      const value = values[at(name)];
      return value === undefined ? undefined : numberOf(state, value);
    };
    const written = writtenFor(session, fn, where, { index: at('ControlCode'), pattern: controlNames });
    const [code = ''] = written?.names ?? [];
    // Of several codes nobody knows here which one it is.
    if (written === undefined || new Set(written.names).size !== 1) return;
    const wrong = mistakeOf(fn.unit, code, requestOf(number('RequestType')), number('Level'));
    if (wrong === undefined) return;
    // In a helper the argument is not written here.
    const spanOf = (parameter: string): Span | undefined => {
      const argument = where.inside === undefined ? where.arguments[at(parameter)] : undefined;
      return argument === undefined ? undefined : nodePlace(argument);
    };
    const edits = wrong.changes.flatMap(({ parameter, newText }) => {
      const span = spanOf(parameter);
      return span === undefined ? [] : [{ span, newText }];
    });
    const [first] = wrong.changes;
    // Whose buffers lie the other way has more to mend than the type of the request.
    const needed = first === undefined ? undefined : bufferSizes[first.newText];
    const isWhole = needed === undefined || number(needed) !== 0n;
    report({
      where,
      span: edits[0]?.span,
      ...(edits.length > 0 && isWhole ? { fixes: [{ title: `Pass ${first?.newText}`, edits }] } : {}),
      ...told(wrong),
    });
  },
  finish: ({ session, report }) => {
    for (const { unit, code, name, request, level } of tabledControls(session)) {
      const wrong = mistakeOf(unit, name, request, level);
      if (wrong === undefined) continue;
      const where = whereOf(code);
      report({ where, ...told(wrong), once: siteKey(where) });
    }
  },
};

function told({ message, docRule, severity }: Mistake): Pick<Report, 'message' | 'path' | 'docRules' | 'severity'> {
  return { message, path: [], docRules: [docRule], ...(severity === undefined ? {} : { severity }) };
}

/** What a request of the kind has to say of its buffer. */
const bufferSizes: Readonly<Record<string, string>> = { WskSetOption: 'InputSize', WskGetOption: 'OutputSize' };
