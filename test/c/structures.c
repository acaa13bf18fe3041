/* Structures: copy, pass, return, nest, compare members, arrays of them, and pointers into them. */
#include "check.h"

struct point {
  int x, y;
};
struct big {
  int64_t head;
  struct point corners[4];
  char name[13];
  double weight;
};
typedef struct node {
  struct node *next;
  struct point at;
} node;
struct tiny {
  char c;
};
struct three {
  char c[3];
};
struct twelve {
  int a, b, c;
};

static struct point swap(struct point p) {
  int x = p.x;
  p.x = p.y;
  p.y = x;
  return p;
}
static struct big grow(struct big b, int by) {
  for (int i = 0; i < 4; i++) {
    b.corners[i].x += by;
    b.corners[i].y -= by;
  }
  b.head++;
  b.weight *= 2;
  b.name[0] = 'G';
  return b;
}
static struct tiny next(struct tiny t) {
  t.c++;
  return t;
}
static struct three turn(struct three t) { return (struct three){{t.c[2], t.c[0], t.c[1]}}; }
static struct twelve sum(struct twelve a, struct twelve b) {
  return (struct twelve){a.a + b.a, a.b + b.b, a.c + b.c};
}
static int length(const node *list) { return list == NULL ? 0 : 1 + length(list->next); }
static struct point *first(struct big *b) { return b->corners; }
static struct point points[3] = {{1, 2}, {3, 4}};
static struct big zero;

int main(void) {
  struct point p = {1, 2}, q;
  q = p;
  p.x = 10;
  CHECK(q.x, 1);
  CHECK(swap(p).x, 2);
  CHECK(p.x, 10);
  CHECK(swap(swap(p)).x, 10);
  p = swap(p);
  CHECK(p.y, 10);
  struct big a = {5, {{1, 2}, {3, 4}, {5, 6}, {7, 8}}, "some text", 1.5};
  struct big b = grow(a, 100);
  CHECK(a.corners[3].x, 7);
  CHECK(b.corners[3].x, 107);
  CHECK(b.corners[0].y, -98);
  CHECK(b.head, 6);
  CHECK_DOUBLE(b.weight, 3);
  CHECK_TEXT(a.name, "some text");
  CHECK_TEXT(b.name, "Gome text");
  CHECK(grow(grow(a, 1), 1).corners[2].y, 4);
  CHECK(grow(a, 9).name[1], 'o');
  CHECK_TEXT(grow(a, 9).name, "Gome text");
  b = a = zero;
  CHECK(b.head | b.corners[1].x | b.name[5], 0);
  struct tiny t = {'a'};
  CHECK(next(next(t)).c, 'c');
  struct three three = {"xyz"};
  three = turn(three);
  CHECK(three.c[0], 'z');
  CHECK(three.c[1], 'x');
  struct twelve twelve = sum((struct twelve){1, 2, 3}, sum((struct twelve){10, 20, 30}, (struct twelve){100, 200, 300}));
  CHECK(twelve.c, 333);
  CHECK(sum(twelve, twelve).a, 222);
  points[2] = points[0];
  points[0].x++;
  CHECK(points[2].x, 1);
  CHECK((&points[1])->y, 4);
  CHECK((points + 1)->x, 3);
  CHECK((*(points + 1)).x, 3);
  CHECK(1 [points].y, 4);
  node c = {NULL, {3, 3}}, d = {&c, {2, 2}}, e = {&d, {1, 1}};
  CHECK(length(&e), 3);
  CHECK(e.next->next->at.x, 3);
  for (node *n = &e; n != NULL; n = n->next) n->at.y += n->at.x;
  CHECK(c.at.y, 6);
  *e.next = (node){.at = {.y = 9}};
  CHECK(d.next == NULL, 1);
  CHECK(d.at.x, 0);
  CHECK(length(&e), 2);
  first(&a)->y = 77;
  CHECK(a.corners[0].y, 77);
  first(&a)[2] = (struct point){-1, -2};
  CHECK(a.corners[2].y, -2);
  a.corners[1] = a.corners[2];
  CHECK(a.corners[1].x, -1);
  struct big *pa = &a, *pb = &b;
  *pb = *pa;
  CHECK(memcmp(pb->corners, pa->corners, sizeof a.corners), 0);
  *pa = *pa;
  CHECK(pa->corners[0].y, 77);
  q = 1 ? points[1] : p;
  CHECK(q.y, 4);
  q = (p, points[0]);
  CHECK(q.x, 2);
  CHECK((p = q).x, 2);
  CHECK((q.x ? points[1] : points[0]).x, 3);
  struct point grid[2][3] = {{{0, 1}, {2, 3}, {4, 5}}, {{6, 7}}};
  grid[1][2] = grid[0][1];
  CHECK(grid[1][2].y, 3);
  CHECK(grid[1][1].x, 0);
  CHECK(sizeof grid, 48);
  CHECK(&grid[1][0] - &grid[0][0], 3);
  struct { struct { struct { int deep; } c; } b; } nest = {{{4}}};
  nest.b.c.deep *= nest.b.c.deep;
  CHECK(nest.b.c.deep, 16);
  DONE();
}
