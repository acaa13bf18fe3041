/* Members without a name: of structures and unions, nested, initialised, and with Microsoft's typedef'd form. */
#include "check.h"

typedef struct {
  int base_a;
  int base_b;
} base;
struct derived {
  base;
  int own;
};
struct tagged_base {
  short first;
};
struct from_tag {
  struct tagged_base;
  int second;
};
struct packet {
  uint8_t type;
  union {
    struct {
      uint16_t source, target;
    };
    uint32_t both;
    struct {
      uint8_t octets[4];
    } named;
  };
  struct {
    union {
      int64_t deep;
      double deep_real;
    };
    int last;
  };
};

static struct packet make = {1, {{2, 3}}, {{4}, 5}};
static struct packet by_name = {.source = 7, .deep = -1, .target = 8, .last = 9};
static struct derived d = {{1, 2}, 3};

int main(void) {
  CHECK(make.source, 2);
  CHECK(make.target, 3);
  CHECK(make.both, 0x30002);
  CHECK(make.named.octets[2], 3);
  CHECK(make.deep, 4);
  CHECK(make.last, 5);
  CHECK(by_name.type, 0);
  CHECK(by_name.both, 0x80007);
  CHECK(by_name.deep, -1);
  CHECK(by_name.last, 9);
  CHECK(d.base_a, 1);
  CHECK(d.base_b, 2);
  CHECK(d.own, 3);
  d.base_b = 20;
  base *up = (base *)&d;
  CHECK(up->base_b, 20);
  struct derived copy = {.own = 5, .base_a = 6};
  CHECK(copy.base_a, 6);
  CHECK(copy.base_b, 0);
  struct from_tag t = {{1}, 2};
  t.first += 10;
  CHECK(t.first, 11);
  CHECK(t.second, 2);
  struct packet *p = &make;
  p->both = 0xffffffffu;
  CHECK(p->source, 65535);
  p->deep_real = 1;
  CHECK(p->deep, 0x3ff0000000000000ll);
  CHECK(offsetof(struct packet, target), 6);
  CHECK(offsetof(struct packet, named.octets[1]), 5);
  CHECK(offsetof(struct packet, last), 16);
  CHECK(offsetof(struct derived, own), 8);
  CHECK(sizeof(struct packet), 24);
  struct packet other = *p;
  CHECK(other.source, 65535);
  DONE();
}
