/** R46, R47: OutputSizeReturned leads to a SIZE_T, and is there only where no IRP brings the size. */
import { nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { sizeOf } from '../../../../cfront/types/layout.ts';
import { isNull, mayBeNull } from '../../flow/state/state.ts';
import type { Rule } from '../../rule.ts';

export const outputSizeReturned: Rule = {
  id: 'output-size-returned',
  severity: 'error',
  docRules: ['R46', 'R47'],
  also: ['C4133'],
  summary: 'OutputSizeReturned leads to a SIZE_T, and is NULL where the call has an IRP.',
  call: ({ api, isWsk, arguments: values, parameters, where }, { state, report }) => {
    if (!isWsk || (api !== 'WskControlSocket' && api !== 'WskControlClient')) return;
    const at = parameters.indexOf('OutputSizeReturned');
    const argument = where.arguments[at];
    const value = values[at];
    if (argument === undefined || value === undefined || isNull(state, value)) return;
    const span = nodePlace(argument);
    const { type } = stripConversions(argument, { casts: true });
    if (type.kind === 'pointer' && type.target.kind === 'integer' && sizeOf(type.target) < 8) {
      report({
        where,
        span,
        message: `${api} writes a SIZE_T of 8 bytes to OutputSizeReturned, but the variable has ${sizeOf(type.target)}: the rest lands on whatever lies behind it.`,
        path: [],
        docRules: ['R46'],
      });
      return;
    }
    const irp = values[parameters.indexOf('Irp')];
    if (irp === undefined || irp.kind === 'anything' || mayBeNull(state, irp) || mayBeNull(state, value)) return;
    report({
      where,
      span,
      message: `${api} has an IRP, which brings the size in IoStatus.Information: OutputSizeReturned has to be NULL then.`,
      path: [],
      severity: 'warning',
      docRules: ['R47'],
      fixes: [{ title: 'Pass NULL', edits: [{ span, newText: 'NULL' }] }],
    });
  },
};
