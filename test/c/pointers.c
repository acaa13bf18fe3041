/* Pointers: arithmetic, comparison, to pointers, to const, through void, CONTAINING_RECORD, null. */
#include "check.h"

struct item {
  int value;
  struct link {
    struct link *next, *previous;
  } link;
  char tail;
};
#define CONTAINER(p, type, member) ((type *)((char *)(p)-offsetof(type, member)))

static void set(int *p, int v) { *p = v; }
static void advance(const char **text) { ++*text; }
static void *copy(void *to, const void *from, size_t n) {
  char *t = to;
  const char *f = from;
  while (n--) *t++ = *f++;
  return to;
}
static int **deep(int **p) { return p; }

int main(void) {
  int a[5] = {10, 20, 30, 40, 50};
  int *p = a, *end = a + 5;
  CHECK(*p++, 10);
  CHECK(*p, 20);
  CHECK(*++p, 30);
  CHECK((*p)++, 30);
  CHECK(++*p, 32);
  CHECK(*p--, 32);
  CHECK(*--p, 10);
  CHECK(end - p, 5);
  CHECK(p - end, -5);
  CHECK(p < end && end > p && p <= p && p != end, 1);
  CHECK((char *)end - (char *)p, 20);
  p += 3;
  CHECK(*p, 40);
  p -= 2;
  CHECK(*p, 20);
  CHECK(*(p + 1), 32);
  CHECK(p[1] == 1 [p], 1);
  CHECK(&*p == p, 1);
  CHECK(*&p[2], 40);
  int **pp = &p;
  **pp = 5;
  CHECK(a[1], 5);
  *pp += 1;
  CHECK(*p, 32);
  CHECK(**deep(&p), 32);
  ++**pp;
  CHECK(a[2], 33);
  set(&a[4], -1);
  set(a + 3, -2);
  CHECK(a[4] + a[3], -3);
  const char *text = "hello";
  advance(&text);
  CHECK_TEXT(text, "ello");
  CHECK(*text++, 'e');
  CHECK(text[-1], 'e');
  char buffer[6];
  CHECK_TEXT((char *)copy(buffer, "world", 6), "world");
  void *v = a;
  CHECK(*(int *)v, 10);
  CHECK(((int *)v)[2], 33);
  int *null = NULL;
  CHECK(null == 0, 1);
  CHECK(!null, 1);
  CHECK(null ? 1 : 2, 2);
  CHECK(p && !null, 1);
  CHECK((uintptr_t)null, 0);
  if (p) CHECK(1, 1);
  while (null) CHECK(0, 1);
  struct item items[3] = {{1}, {2}, {3}};
  struct link head = {&head, &head};
  for (int i = 0; i < 3; i++) {
    struct link *l = &items[i].link;
    l->next = &head;
    l->previous = head.previous;
    head.previous->next = l;
    head.previous = l;
  }
  int sum = 0, product = 1;
  for (struct link *l = head.next; l != &head; l = l->next) sum = sum * 10 + CONTAINER(l, struct item, link)->value;
  CHECK(sum, 123);
  head.next->next->previous = &head;
  head.next = head.next->next;
  for (struct link *l = head.previous; l != &head; l = l->previous)
    product *= CONTAINER(l, struct item, link)->value + 1;
  CHECK(product, 4 * 3);
  uint32_t word = 0x01020304;
  uint8_t *bytes = (uint8_t *)&word;
  CHECK(bytes[0] * 1000 + bytes[3], 4001);
  *(uint16_t *)(bytes + 2) = 0xffff;
  CHECK(word, 0xffff0304u);
  CHECK(*(int8_t *)(bytes + 3), -1);
  int64_t difference = (char *)&items[2] - (char *)&items[0];
  CHECK(difference, 2 * sizeof(struct item));
  CHECK(&items[2] - &items[0], 2);
  CHECK(&items[1].tail > (char *)&items[1].link, 1);
  const int *const fixed = a;
  CHECK(*fixed, 10);
  int *restrict alone = a;
  alone[0]++;
  CHECK(*fixed, 11);
  int (*row)[5] = &a;
  CHECK((*row)[0], 11);
  CHECK((int *)(row + 1) - a, 5);
  p = a;
  int i = 1;
  CHECK(p[i] + i[p], 10);
  CHECK(*(i + p), 5);
  p = i ? a + 2 : NULL;
  CHECK(*p, 33);
  CHECK((p = a) == a, 1);
  CHECK(*(p += i), 5);
  uintptr_t number = (uintptr_t)p;
  CHECK(*(int *)(number + 4), 33);
  CHECK((intptr_t)p == (intptr_t)number, 1);
  char *c = "ab" "cd";
  CHECK(*(c + 3), 'd');
  CHECK("abc"[1], 'b');
  CHECK(*"xyz", 'x');
  DONE();
}
