/**
 * What the callback around a place may return. For some the catalog names everything that is allowed; for others, whose
 * results are the driver's own business, it is what drivers return most, and more statuses follow.
 */
import type { StatusFact } from '../../../catalog/model.ts';
import type { Analysis } from '../analysis.ts';
import { roleOf } from '../driver/roles.ts';
import { functionAt } from '../places/scope.ts';
import { type CompletionItem, keyOf } from './item.ts';

export interface CallbackResults {
  readonly items: readonly CompletionItem[];
  /** Nothing else is allowed. */
  readonly isWhole: boolean;
}

const usual: Readonly<Record<string, readonly string[]>> = {
  DRIVER_INITIALIZE: ['STATUS_SUCCESS', 'STATUS_INSUFFICIENT_RESOURCES', 'STATUS_UNSUCCESSFUL', 'STATUS_NOT_SUPPORTED'],
  DRIVER_ADD_DEVICE: [
    'STATUS_SUCCESS',
    'STATUS_INSUFFICIENT_RESOURCES',
    'STATUS_NO_SUCH_DEVICE',
    'STATUS_UNSUCCESSFUL',
  ],
  DRIVER_DISPATCH: [
    'STATUS_SUCCESS',
    'STATUS_PENDING',
    'STATUS_INVALID_DEVICE_REQUEST',
    'STATUS_INVALID_PARAMETER',
    'STATUS_BUFFER_TOO_SMALL',
    'STATUS_INSUFFICIENT_RESOURCES',
    'STATUS_NOT_SUPPORTED',
    'STATUS_CANCELLED',
  ],
};

/** A name of the same value as one that the facts name. */
const sameAs: Readonly<Record<string, StatusFact>> = {
  IO_COMPLETION_ROUTINE: {
    name: 'STATUS_CONTINUE_COMPLETION',
    meaning: 'Completion goes on with the next higher driver.',
  },
};

export function callbackResults(analysis: Analysis, offset: number): CallbackResults {
  const definition = functionAt(analysis, offset);
  const role = definition === undefined ? undefined : roleOf(analysis, definition.symbol);
  if (role === undefined) return { items: [], isWhole: false };
  const typeName = role.typeName ?? '';
  const item = (name: string, rank: number): CompletionItem => {
    const known = analysis.catalog.byName(name)[0];
    const found = { label: name, kind: 'constant' as const, detail: role.name, rank };
    return known === undefined ? found : { ...found, api: keyOf(known) };
  };
  if (role.returns === undefined) return { items: (usual[typeName] ?? []).map(item), isWhole: false };
  const same = sameAs[typeName];
  const facts = same === undefined ? role.returns : [...role.returns, same];
  return { items: facts.map(({ name, meaning }, i) => ({ ...item(name, i), note: meaning })), isWhole: true };
}
