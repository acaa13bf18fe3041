/**
 * The name service: what a scenario's names and addresses resolve to. A name has addresses, or other names (aliases,
 * as CNAME records); an address has the name that a PTR record would give.
 */
import { type Family, familyOf, isLoopback, parseHost, unmapped } from './address.ts';

export interface NameTable {
  /** Lower-case name to addresses and aliases. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** Address to name. */
  readonly reverse: ReadonlyMap<string, string>;
}

export interface NameAnswer {
  /** The name at the end of the aliases. */
  readonly canonicalName: string;
  readonly hosts: readonly string[];
}

/** Aliases in a row; more run in a circle. */
const ALIASES_MAX = 16;

/** `names` maps a name to addresses and aliases, `reverse` an address to the name that it is to have. */
export function createNameTable(
  names: Readonly<Record<string, readonly string[]>>,
  reverse: Readonly<Record<string, string>> = {},
): NameTable {
  const table = new Map<string, readonly string[]>();
  const pointers = new Map<string, string>();
  for (const [host, name] of Object.entries(reverse)) pointers.set(parseHost(host) ?? host, name);
  for (const [name, targets] of Object.entries(names)) {
    const list = targets.map((target) => parseHost(target) ?? target.toLowerCase());
    table.set(name.toLowerCase(), list);
    for (const target of list) {
      if (parseHost(target) !== undefined && !pointers.has(target)) pointers.set(target, name);
    }
  }
  return { names: table, reverse: pointers };
}

/** Addresses of a name in the scenario's order, of one family where that is asked for; none for an unknown name. */
export function resolveName(table: NameTable, name: string, family?: Family): NameAnswer {
  let canonicalName = name.toLowerCase().replace(/\.$/, '');
  for (let i = 0; i < ALIASES_MAX; i++) {
    const targets = table.names.get(canonicalName);
    if (targets === undefined) break;
    const hosts = targets.filter((target) => parseHost(target) !== undefined);
    const alias = targets.find((target) => parseHost(target) === undefined);
    if (hosts.length > 0 || alias === undefined) return { canonicalName, hosts: ofFamily(hosts, family) };
    canonicalName = alias;
  }
  const own = canonicalName === 'localhost' ? ['::1', '127.0.0.1'] : [];
  return { canonicalName, hosts: ofFamily(own, family) };
}

/** The name of an address; undefined for an unknown one. */
export function nameOfHost(table: NameTable, host: string): string | undefined {
  const plain = unmapped(host);
  return table.reverse.get(plain) ?? (isLoopback(plain) ? 'localhost' : undefined);
}

function ofFamily(hosts: readonly string[], family: Family | undefined): readonly string[] {
  return family === undefined ? hosts : hosts.filter((host) => familyOf(host) === family);
}
