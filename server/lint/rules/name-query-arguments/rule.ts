/** What WskGetNameInfo and WskGetAddressInfo need besides the address or name. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { isNull, mayBeNull, resolve } from '../../flow/state/state.ts';
import { ANYTHING, type Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

const SIZE_OF_STORAGE = 128n;

export const nameQueryArguments: Rule = {
  id: 'name-query-arguments',
  severity: 'error',
  docRules: ['R57', 'R58'],
  also: ['C6387'],
  summary: 'WskGetNameInfo is asked for something, and OwningThread comes with OwningProcess.',
  seesThroughHelpers: true,
  calls: ['WskGetNameInfo', 'WskGetAddressInfo'],
  call: ({ api, arguments: values, parameters, where }, { state, report }) => {
    const at = (name: string): Value | undefined => values[parameters.indexOf(name)];
    const none = (name: string): boolean => {
      const value = at(name);
      return value !== undefined && isNull(state, value);
    };
    const tell = (parameter: string, message: string, docRule: string): void => {
      const argument = where.arguments[parameters.indexOf(parameter)];
      report({
        where,
        span: argument === undefined ? undefined : nodePlace(argument),
        message,
        path: [],
        docRules: [docRule],
      });
    };
    const thread = at('OwningThread');
    if (thread !== undefined && thread.kind !== 'anything' && !mayBeNull(state, thread) && none('OwningProcess'))
      tell(
        'OwningProcess',
        `${api} is given an OwningThread without its OwningProcess: it fails with STATUS_INVALID_PARAMETER.`,
        'R58',
      );
    const length = api === 'WskGetNameInfo' ? resolve(state, at('SockAddrLength') ?? ANYTHING) : ANYTHING;
    if (length.kind === 'integer' && length.value > SIZE_OF_STORAGE)
      tell(
        'SockAddrLength',
        `WskGetNameInfo is told of an address of ${length.value} bytes: none is larger than a SOCKADDR_STORAGE, and it fails with STATUS_INVALID_PARAMETER.`,
        'R57',
      );
    if (api === 'WskGetNameInfo' && none('NodeName') && none('ServiceName'))
      tell(
        'NodeName',
        `${api} is asked for nothing: NodeName and ServiceName are both NULL, and it fails with STATUS_INVALID_PARAMETER.`,
        'R57',
      );
  },
};
