/* Macros: objects and functions, # and ##, empty and nested arguments, rescanning, and what stops it. */
#include "check.h"

#define ONE 1
#define TWO (ONE + ONE)
#define ADD(a, b) ((a) + (b))
#define UNSAFE(a, b) a * b
#define TEXT(x) #x
#define XTEXT(x) TEXT(x)
#define GLUE(a, b) a##b
#define XGLUE(a, b) GLUE(a, b)
#define NOTHING
#define NOARGS() 7
#define COUNT(...) COUNT_(__VA_ARGS__, 5, 4, 3, 2, 1)
#define COUNT_(a, b, c, d, e, n, ...) n
#define FIRST(a, ...) a
#define REST(a, ...) TEXT((__VA_ARGS__))
#define CALL(f, ...) f(__VA_ARGS__)
#define GNU(format, ...) sprintf(buffer, format, ##__VA_ARGS__)
#define SWAP(type, a, b) do { type t_ = a; a = b; b = t_; } while (0)
#define ping pong
#define pong ping * 2
#define EMPTY_ARGUMENT(a, b) TEXT(a) TEXT(b)
#define f(a) a*g
#define g(a) f(a)
#define LIST(X) X(red, 1) X(green, 2) X(blue, 4)
#define AS_ENUM(name, value) name = value,
#define AS_NAME(name, value) #name,
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define LPAREN (
#define RPAREN )
#define DEFER(x) x NOTHING
#define A() 123
#define EXPAND(x) x
#define STRANGE(x) #x "end"
#define hash_hash # ## #
#define mkstr(a) # a
#define in_between(a) mkstr(a)
#define join(c, d) in_between(c hash_hash d)
#define OBJECT_LIKE (x)
#define WITH_TYPE(t, n) t GLUE(n, _member)
#define LINES(a,  \
              b)  \
  a b
enum colours { LIST(AS_ENUM) };
static const char *names[] = {LIST(AS_NAME)};
struct made { WITH_TYPE(int, first); WITH_TYPE(char *, second); };

int main(void) {
  char buffer[50];
  CHECK(TWO * 2, 4); CHECK(ADD(1, 2) * 3, 9); CHECK(UNSAFE(1 + 2, 3), 7); CHECK(NOARGS(), 7); CHECK(NOARGS( ), 7);
  CHECK_TEXT(TEXT(a  +   b), "a + b"); CHECK_TEXT(TEXT( x ), "x"); CHECK_TEXT(TEXT("q\n" '\''), "\"q\\n\" '\\''");
  CHECK_TEXT(TEXT(ONE), "ONE"); CHECK_TEXT(XTEXT(ONE), "1"); CHECK_TEXT(XTEXT(TWO), "(1 + 1)");
  CHECK_TEXT(TEXT(), ""); CHECK_TEXT(EMPTY_ARGUMENT(, b), "b"); CHECK_TEXT(EMPTY_ARGUMENT(a,), "a");
  int GLUE(var, 1) = 5; CHECK(var1, 5); CHECK(XGLUE(va, r1), 5); CHECK(GLUE(1, 2), 12); CHECK(GLUE(, 3), 3); CHECK(GLUE(0x, ff), 255);
  int ONEvar = 9; CHECK(GLUE(ONE, var), 9);
  CHECK(COUNT(a), 1); CHECK(COUNT(a, b, c), 3); CHECK(FIRST(4, 5, 6), 4); CHECK(FIRST(4), 4);
  CHECK_TEXT(REST(1, 2, (3, 4)), "(2, (3, 4))"); CHECK(CALL(ADD, 2, 3), 5); CHECK(CALL(NOARGS), 7);
  GNU("plain"); CHECK_TEXT(buffer, "plain"); GNU("%d %s", 1, "x"); CHECK_TEXT(buffer, "1 x");
  int x = 1, y = 2; SWAP(int, x, y); CHECK(x * 10 + y, 21);
  { int value = 4;
#define value value + 1
    CHECK(0 + value, 5);
#undef value
  }
  CHECK_TEXT(XTEXT(ping), "ping * 2"); CHECK_TEXT(XTEXT(f(2)(9)), "2*9*g");
  CHECK(red + green + blue, 7); CHECK_TEXT(names[1], "green");
  CHECK(MAX(MAX(1, 5), MAX(3, 2)), 5); CHECK_TEXT(XTEXT(NOARGS LPAREN RPAREN), "NOARGS ( )");
  CHECK_TEXT(XTEXT(DEFER(A)()), "A ()"); CHECK(EXPAND(DEFER(A)()), 123);
  CHECK_TEXT(STRANGE(a), "aend"); CHECK_TEXT(join(x, y), "x ## y");
  CHECK_TEXT(XTEXT(OBJECT_LIKE), "(x)"); CHECK(ADD
    (1,
     2), 3);
  struct made made = {.first_member = 1, .second_member = "s"}; CHECK(made.first_member, 1);
  CHECK(LINES(-, 5), -5);
#undef ONE
#define ONE 100
  CHECK(TWO, 200);
#define SAME(a) a + a
#define SAME(a) a + a
  CHECK(SAME(3), 6);
  CHECK_TEXT(TEXT(/* gone */ a /* too */ b), "a b");
  CHECK_TEXT(XTEXT(COUNT), "COUNT"); CHECK_TEXT(TEXT(@#$ "a"), "@#$ \"a\"");
  DONE();
}
