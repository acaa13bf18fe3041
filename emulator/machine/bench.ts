/**
 * Workloads for measuring the machine: C functions that take a count and return a checksum. `npm run bench` compiles the same
 * text with other implementations and compares times; the checksums must agree.
 */

export interface Workload {
  readonly name: string;
  /** A C function of this name: `unsigned long long name(int count)`. */
  readonly count: number;
}

/** Standard C with types of fixed width, so that any compiler can take it. */
export const WORKLOAD_SOURCE = `
typedef unsigned long long u64;
typedef unsigned char u8;
struct node { struct node *next, *previous; u64 hash; int index; };
static struct node nodes[2048], *unused;
static int flags[8192];
static u8 source[4096], target[4096];

static struct node *take(void) { struct node *n = unused; unused = n->next; return n; }
static void give(struct node *n) { n->next = unused; unused = n; }
static void append(struct node *head, struct node *n) {
  struct node *last = head->previous;
  n->next = head; n->previous = last; last->next = n; head->previous = n;
}
static struct node *removeFirst(struct node *head) {
  struct node *n = head->next, *second = n->next;
  head->next = second; second->previous = head;
  return n;
}
static int fibonacci(int n) { if (n < 2) return n; return fibonacci(n - 1) + fibonacci(n - 2); }

u64 loop(int count) {
  int i, s = 0;
  for (i = 0; i < count; i++) { s += i ^ (s << 1); }
  return (u64)(unsigned)s;
}
u64 calls(int count) { return (u64)fibonacci(count); }
u64 sieve(int count) {
  int i, j, n, primes = 0;
  for (n = 0; n < count; n++) {
    primes = 0;
    for (i = 0; i < 8192; i++) flags[i] = 1;
    for (i = 2; i < 8192; i++)
      if (flags[i]) { primes++; for (j = i + i; j < 8192; j += i) flags[j] = 0; }
  }
  return (u64)primes;
}
u64 lists(int count) {
  struct node head;
  int i, length = 0;
  u64 hash = 0xcbf29ce484222325ULL;
  for (i = 0; i < 2047; i++) nodes[i].next = &nodes[i + 1];
  unused = nodes;
  head.next = &head; head.previous = &head;
  for (i = 0; i < count; i++) {
    struct node *n = take();
    hash = (hash ^ (u64)i) * 0x100000001b3ULL;
    n->hash = hash; n->index = i;
    append(&head, n);
    length++;
    if (length > 1000) { struct node *e = removeFirst(&head); hash += e->hash; give(e); length--; }
  }
  return hash;
}
u64 copies(int count) {
  int i, k;
  for (k = 0; k < count; k++) {
    source[k & 4095] = (u8)k;
    for (i = 0; i < 4096; i++) target[i] = source[i];
  }
  return target[5];
}
`;

export const WORKLOADS: readonly Workload[] = [
  { name: 'loop', count: 5_000_000 },
  { name: 'calls', count: 27 },
  { name: 'sieve', count: 50 },
  { name: 'lists', count: 300_000 },
  { name: 'copies', count: 500 },
];
