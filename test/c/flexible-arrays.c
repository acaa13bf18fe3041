/* Flexible array members, and the older form with one element, allocated as drivers do. */
#include "check.h"
#include <stdlib.h>

struct message { uint16_t length; uint8_t data[]; };
struct aligned { char c; int64_t items[]; };
struct old_form { int count; int items[1]; };

static struct message *make(const char *text) {
  size_t length = strlen(text);
  struct message *m = malloc(sizeof *m + length + 1);
  m->length = (uint16_t)length;
  memcpy(m->data, text, length + 1);
  return m;
}

int main(void) {
  CHECK(sizeof(struct message), 2);
  CHECK(offsetof(struct message, data), 2);
  CHECK(sizeof(struct aligned), 8);
  CHECK(offsetof(struct aligned, items), 8);
  CHECK(offsetof(struct old_form, items), 4);
  CHECK(offsetof(struct old_form, items[5]), 24);
  struct message *m = make("flexible");
  CHECK_TEXT((char *)m->data, "flexible");
  CHECK(m->length, 8);
  CHECK(m->data[7], 'e');
  free(m);
  struct aligned *a = malloc(sizeof *a + 4 * sizeof a->items[0]);
  for (int i = 0; i < 4; i++) a->items[i] = (int64_t)i << 33;
  CHECK(a->items[3], 3ll << 33);
  CHECK(&a->items[4] - a->items, 4);
  free(a);
  struct old_form *o = malloc(offsetof(struct old_form, items) + 10 * sizeof(int));
  o->count = 10;
  for (int i = 0; i < o->count; i++) o->items[i] = i * i;
  CHECK(o->items[9], 81);
  int *last = &o->items[o->count - 1];
  CHECK(last[-1], 64);
  free(o);
  DONE();
}
