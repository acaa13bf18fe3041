/* Sizes, alignments and offsets that this machine and gcc's x64 share: no long, no bit-fields. */
#include "check.h"

struct a { char c; int i; };
struct b { int i; char c; };
struct c { char c; double d; char e; };
struct d { char c; struct a a; short s; };
struct e { char c[5]; short s; };
struct f { int64_t l; char c; };
struct g { void *p; char c; void *q; };
union h { char c[9]; int i; double d; };
struct i { char c; union h h; };
struct j { char c; short s; char t; int i; char u; int64_t l; char v; };
struct k { int n; char flexible[]; };
struct l { struct { char c; }; struct { int64_t l; }; };
struct m { char grid[3][5]; int i; };
#pragma pack(push, 1)
struct packed1 { char c; int i; double d; short s; };
#pragma pack(2)
struct packed2 { char c; int i; double d; };
#pragma pack(push, 4)
struct packed4 { char c; double d; struct f f; };
#pragma pack(pop)
struct packed2_again { char c; int i; };
#pragma pack(pop)
struct unpacked { char c; int i; };
#pragma pack(1)
struct outer_packed { char c; struct unpacked inner; short s; };
#pragma pack()
struct outer { char c; struct packed1 inner; int i; };
struct _Alignas_inside { char c; _Alignas(16) char d; char e; };

#define AT(type, member) (int)offsetof(type, member)

int main(void) {
  CHECK(sizeof(struct a), 8);
  CHECK(AT(struct a, i), 4);
  CHECK(sizeof(struct b), 8);
  CHECK(sizeof(struct c), 24);
  CHECK(AT(struct c, e), 16);
  CHECK(sizeof(struct d), 16);
  CHECK(AT(struct d, a), 4);
  CHECK(AT(struct d, a.i), 8);
  CHECK(AT(struct d, s), 12);
  CHECK(sizeof(struct e), 8);
  CHECK(AT(struct e, s), 6);
  CHECK(sizeof(struct f), 16);
  CHECK(sizeof(struct g), 24);
  CHECK(sizeof(union h), 16);
  CHECK(sizeof(struct i), 24);
  CHECK(AT(struct i, h), 8);
  CHECK(AT(struct i, h.c[3]), 11);
  CHECK(sizeof(struct j), 32);
  CHECK(AT(struct j, l), 16);
  CHECK(sizeof(struct k), 4);
  CHECK(AT(struct k, flexible), 4);
  CHECK(sizeof(struct l), 16);
  CHECK(AT(struct l, l), 8);
  CHECK(sizeof(struct m), 20);
  CHECK(AT(struct m, grid[2][4]), 14);
  CHECK(sizeof(struct packed1), 15);
  CHECK(AT(struct packed1, d), 5);
  CHECK(sizeof(struct packed2), 14);
  CHECK(AT(struct packed2, d), 6);
  CHECK(sizeof(struct packed4), 24 + 4);
  CHECK(AT(struct packed4, d), 4);
  CHECK(AT(struct packed4, f), 12);
  CHECK(sizeof(struct packed2_again), 6);
  CHECK(sizeof(struct unpacked), 8);
  CHECK(sizeof(struct outer_packed), 11);
  CHECK(AT(struct outer_packed, s), 9);
  CHECK(sizeof(struct outer), 20);
  CHECK(AT(struct outer, i), 16);
  CHECK(sizeof(struct _Alignas_inside), 32);
  CHECK(AT(struct _Alignas_inside, d), 16);
  CHECK(_Alignof(struct _Alignas_inside), 16);
  CHECK(_Alignof(struct a), 4);
  CHECK(_Alignof(struct c), 8);
  CHECK(_Alignof(struct packed1), 1);
  CHECK(_Alignof(struct packed2), 2);
  CHECK(_Alignof(union h), 8);
  CHECK(_Alignof(short), 2);
  CHECK(_Alignof(int64_t), 8);
  CHECK(_Alignof(char[7]), 1);
  CHECK(sizeof(struct a[5]), 40);

  struct packed1 p = {'c', 0x12345678, 2.5, -3};
  unsigned char *bytes = (unsigned char *)&p;
  CHECK(bytes[1], 0x78);
  CHECK(bytes[4], 0x12);
  CHECK(bytes[12], 0x40);
  CHECK(p.s, -3);
  CHECK_DOUBLE(p.d, 2.5);
  p.i++;
  CHECK(*(uint8_t *)&p.i, 0x79);
  struct packed1 copies[3] = {p, p, p};
  copies[1].d = -1;
  CHECK_DOUBLE(copies[2].d, 2.5);
  CHECK((char *)&copies[2] - (char *)copies, 30);
  DONE();
}
