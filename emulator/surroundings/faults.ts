/** The scenario's faults with their statuses as numbers, which the bundled ntstatus.h gives to the names. */
import type { Catalog } from '../../catalog/catalog.ts';
import type { FaultPlan } from '../kernel/parts.ts';
import { STATUS_INSUFFICIENT_RESOURCES } from '../kernel/statuses.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** STATUS_INSUFFICIENT_RESOURCES, also for a name that ntstatus.h does not have. */

export function faultPlans(scenario: Scenario, catalog: Catalog): readonly FaultPlan[] {
  return scenario.faults.map(({ call, occurrence, status }) => ({
    call,
    occurrence,
    status: statusValue(catalog, status) ?? STATUS_INSUFFICIENT_RESOURCES,
  }));
}

/** The value of a status name; undefined where ntstatus.h has none. */
export function statusValue(catalog: Catalog, name: string): number | undefined {
  const match = new RegExp(`#define\\s+${name}\\s+\\(*\\s*(?:\\(NTSTATUS\\)\\s*)?\\(?(0x[0-9A-Fa-f]+)`).exec(
    catalog.header('ntstatus.h') ?? '',
  );
  return match?.[1] === undefined ? undefined : Number.parseInt(match[1], 16) | 0;
}
