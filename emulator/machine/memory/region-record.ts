/**
 * A region as memory itself keeps it: what the contract shows, with its place in the buffer.
 *
 * `isReadOnly` and `isPaged` may be set by the owner at any time; the shadow bytes must follow, so they are accessors. So is
 * the label, whose text is made when somebody asks for it.
 */
import type { Region } from '../machine-types.ts';
import type { GuestAddress } from '../native.ts';
import { kernelAddress, userAddress } from './layout.ts';
import { PAGED, READ_ONLY } from './shadow.ts';

/** What a region is for, as whoever asks for memory says it. */
export interface RegionPurpose {
  readonly kind: Region['kind'];
  readonly label: string;
  /** Stands behind the label, unless it is 0 ("IRP #", 7): most numbered things come and go without being named. */
  readonly number?: number;
  readonly info?: unknown;
}

/** Where it lies; nobody keeps it. */
export interface RegionPlace {
  readonly offset: number;
  readonly size: number;
  /** Bytes of red zone before and after. */
  readonly redBefore: number;
  readonly redAfter: number;
  readonly serial: number;
}

export class RegionRecord implements Region {
  /** Asked several times for each region: made once. */
  readonly start: GuestAddress;
  readonly size: number;
  readonly kind: Region['kind'];
  /** The label without its number. */
  text: string;
  number: number;
  isFreed = false;
  isMissing = false;
  info: unknown;
  readonly offset: number;
  readonly redBefore: number;
  readonly redAfter: number;
  /** Order of allocation. */
  readonly serial: number;
  /** Its number in the index. */
  row = -1;
  /** Shadow bits of read-only and pageable memory. */
  bits = 0;
  readonly #memory: { readonly shadow8: Uint8Array } | undefined;

  /** `memory` is undefined for a region that is freed already. */
  constructor(memory: { readonly shadow8: Uint8Array } | undefined, purpose: RegionPurpose, place: RegionPlace) {
    const { offset } = place;
    this.start = purpose.kind === 'user' ? userAddress(offset) : kernelAddress(offset);
    this.size = place.size;
    this.kind = purpose.kind;
    this.text = purpose.label;
    this.number = purpose.number ?? 0;
    this.info = purpose.info;
    this.offset = offset;
    this.redBefore = place.redBefore;
    this.redAfter = place.redAfter;
    this.serial = place.serial;
    this.#memory = memory;
  }

  get label(): string {
    return this.number === 0 ? this.text : `${this.text}${this.number}`;
  }

  set label(label: string) {
    this.text = label;
    this.number = 0;
  }

  get isReadOnly(): boolean {
    return (this.bits & READ_ONLY) !== 0;
  }

  set isReadOnly(value: boolean) {
    this.#mark(READ_ONLY, value);
  }

  get isPaged(): boolean {
    return (this.bits & PAGED) !== 0;
  }

  set isPaged(value: boolean) {
    this.#mark(PAGED, value);
  }

  #mark(bit: number, isSet: boolean): void {
    this.bits = isSet ? this.bits | bit : this.bits & ~bit;
    if (this.isFreed || this.#memory === undefined) return;
    const shadow = this.#memory.shadow8;
    for (let i = this.offset; i < this.offset + this.size; i++) {
      shadow[i] = isSet ? (shadow[i] as number) | bit : (shadow[i] as number) & ~bit;
    }
  }
}
