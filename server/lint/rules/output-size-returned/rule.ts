/** OutputSizeReturned leads to a SIZE_T, and is there only where no IRP brings the size. */
import type { Fix } from '../../../../base/finding.ts';
import type { Expression, FunctionDefinition, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { place } from '../../../../cfront/tokenize/token.ts';
import { sizeOf } from '../../../../cfront/types/layout.ts';
import type { CType } from '../../../../cfront/types/types.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledType } from '../../flow/calls/recognise.ts';
import { isGivenIrp } from '../../flow/run/session.ts';
import { isNull, mayBeNull } from '../../flow/state/state.ts';
import type { Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

export const outputSizeReturned: Rule = {
  id: 'output-size-returned',
  severity: 'error',
  docRules: ['R46', 'R47'],
  also: ['C4133'],
  summary: 'OutputSizeReturned leads to a SIZE_T, and is NULL where the call has an IRP.',
  seesThroughHelpers: true,
  calls: ['WskControlSocket', 'WskControlClient'],
  call: ({ api, arguments: values, parameters, where }, { state, fn, report }) => {
    const at = parameters.indexOf('OutputSizeReturned');
    const value = values[at];
    if (value === undefined || isNull(state, value)) return;
    // Of a helper's call the caller's values tell, as far as they do.
    const argument = where.inside === undefined ? where.arguments[at] : undefined;
    const span = argument === undefined ? undefined : nodePlace(argument);
    const type = argument === undefined ? undefined : stripConversions(argument, { casts: true }).type;
    const target = variableAt(value) ?? (type?.kind === 'pointer' ? type.target : undefined);
    if (target?.kind === 'integer' && sizeOf(target) < 8) {
      report({
        where,
        span,
        message: `${api} writes a SIZE_T of 8 bytes to OutputSizeReturned, but the variable has ${sizeOf(target)}: the rest lands on whatever lies behind it.`,
        path: [],
        docRules: ['R46'],
        fixes: argument === undefined ? [] : widened(fn.definition, argument),
      });
      return;
    }
    const irp = values[parameters.indexOf('Irp')];
    if (irp === undefined || irp.kind === 'anything' || isNull(state, irp) || mayBeNull(state, value)) return;
    const isSure = !mayBeNull(state, irp);
    const given = irp.kind === 'symbol' && irp.source.kind === 'parameter' ? irp.source.index : undefined;
    if (!isSure && given === undefined) return;
    report({
      where,
      span,
      message: `${api} has an IRP, which brings the size in IoStatus.Information: OutputSizeReturned has to be NULL then.`,
      path: [],
      severity: 'warning',
      docRules: ['R47'],
      // Whether there is one, the callers say.
      when: () => isSure || (given !== undefined && isGivenIrp(fn, given)),
      fixes: span === undefined ? [] : [{ title: 'Pass NULL', isCertain: true, edits: [{ span, newText: 'NULL' }] }],
    });
  },
};

/** The type of the variable that a pointer leads to. */
function variableAt(value: Value): CType | undefined {
  if (value.kind !== 'address' || value.place.steps.length > 0) return undefined;
  const { root } = value.place;
  return root.kind === 'local' || root.kind === 'global' ? root.variable.type : undefined;
}

/** The variable becomes a SIZE_T, where it is a local that is declared alone with a name for its type. */
function widened(definition: FunctionDefinition, argument: Expression): readonly Fix[] {
  const e = stripConversions(argument, { casts: true });
  const inner = e.kind === 'address-of' ? stripConversions(e.operand) : undefined;
  if (inner?.kind !== 'name' || inner.symbol.kind !== 'variable' || inner.symbol.duration !== 'automatic') return [];
  const { symbol } = inner;
  if (isPrinted(definition, symbol)) return [];
  const [declaration, another] = symbol.declarations;
  if (declaration === undefined || another !== undefined) return [];
  const at = place(declaration.first);
  const given = nodePlace(argument);
  const [, type] = /^(\w+)\s+(\w+)\s*(?:=[^,;]*)?;/.exec(at.file.text.slice(at.start)) ?? [];
  if (type === undefined || at.file !== given.file) return [];
  return [
    {
      title: `Make '${symbol.name}' a SIZE_T`,
      edits: [
        { span: { file: at.file, start: at.start, end: at.start + type.length }, newText: 'SIZE_T' },
        { span: given, newText: `&${symbol.name}` },
      ],
    },
  ];
}

/** A call with a format gets it, which says how wide it is. */
function isPrinted(definition: FunctionDefinition, variable: VariableSymbol): boolean {
  return nodesIn(definition, 'call').some(
    (call) =>
      calledType(call)?.isVariadic === true &&
      call.arguments.some((one) => {
        const e = stripConversions(one, { casts: true });
        return e.kind === 'name' && e.symbol === variable;
      }),
  );
}
