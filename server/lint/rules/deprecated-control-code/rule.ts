/** Some control codes are there for old drivers only. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { ANYTHING } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';
import { numberOf } from '../../ways/socket-controls.ts';

const TDI = 'it is about TDI, which later versions of Windows do without';
const ofClient: Readonly<Record<string, string>> = {
  6: `WSK_TDI_DEVICENAME_MAPPING is deprecated: ${TDI}`,
  8: `WSK_TDI_BEHAVIOR is deprecated: ${TDI}`,
};
const SIO_LOOPBACK_FAST_PATH = 0x98000010n;
const WSK_IOCTL = 2n;

export const deprecatedControlCode: Rule = {
  id: 'deprecated-control-code',
  severity: 'info',
  docRules: ['R62'],
  also: [],
  summary: 'New drivers ask for nothing that is deprecated.',
  seesThroughHelpers: true,
  calls: ['WskControlClient', 'WskControlSocket'],
  call: ({ api, arguments: values, parameters, where }, { state, report }) => {
    const at = parameters.indexOf('ControlCode');
    const code = numberOf(state, values[at] ?? ANYTHING);
    const request = numberOf(state, values[parameters.indexOf('RequestType')] ?? ANYTHING);
    const isFastPath =
      api === 'WskControlSocket' &&
      request === WSK_IOCTL &&
      code !== undefined &&
      BigInt.asUintN(32, code) === SIO_LOOPBACK_FAST_PATH;
    const message = isFastPath
      ? 'SIO_LOOPBACK_FAST_PATH is deprecated: current versions of Windows do without it'
      : api === 'WskControlClient'
        ? ofClient[String(code)]
        : undefined;
    if (message === undefined) return;
    const argument = where.inside === undefined ? where.arguments[at] : undefined;
    report({
      where,
      span: argument === undefined ? undefined : nodePlace(argument),
      message: `${message}.`,
      path: [],
    });
  },
};
