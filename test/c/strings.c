/* String literals: escapes, joining, sizes, bytes beyond ASCII; and the string functions on them. */
#include "check.h"

static const char *const table[] = {"zero", "one", "two", NULL};
static char buffer[] = "static text";
static char padded[8] = "abc";
static const char *same(void) { return "pooled"; }
static unsigned hash(const char *s) {
  unsigned h = 5381;
  for (; *s; s++) h = h * 33 + (unsigned char)*s;
  return h;
}
static char *itoa_into(char *to, int n) {
  char digits[12];
  int count = 0, negative = n < 0;
  do digits[count++] = '0' + (negative ? -(n % 10) : n % 10);
  while ((n /= 10) != 0);
  char *p = to;
  if (negative) *p++ = '-';
  while (count) *p++ = digits[--count];
  *p = 0;
  return to;
}

int main(void) {
  CHECK(sizeof "abc", 4);
  CHECK(sizeof "", 1);
  CHECK(sizeof "a\0b", 4);
  CHECK(strlen("a\0b"), 1);
  CHECK(sizeof("ab" "cd" "e"), 6);
  CHECK_TEXT("ab" "cd", "abcd");
  CHECK("\x41" "B"[0], 'A');
  CHECK("\101\60"[1], '0');
  CHECK("\n\t\r\a\b\f\v\\\'\"\?"[6], 11);
  CHECK("\e"[0], 27);
  CHECK((unsigned char)"\xff"[0], 255);
  CHECK("\xff"[0], -1);
  CHECK((unsigned char)"\377"[0], 255);
  CHECK("\0012"[1], '2');
  CHECK('\0', 0);
  CHECK('\x7f', 127);
  CHECK('\xff', -1);
  CHECK('\'', 39);
  CHECK('"', 34);
  CHECK("'"[0], 39);
  CHECK(sizeof buffer, 12);
  CHECK(sizeof padded, 8);
  CHECK(padded[7], 0);
  CHECK_TEXT(table[2], "two");
  CHECK(table[3] == NULL, 1);
  CHECK(same() == same(), 1);
  buffer[0] = 'S';
  CHECK_TEXT(buffer, "Static text");
  char local[] = {'l', 'o', 'c', 0};
  CHECK_TEXT(local, "loc");
  CHECK(hash("hello world"), 894552257u);
  char digits[12];
  CHECK_TEXT(itoa_into(digits, -2147483647 - 1), "-2147483648");
  CHECK_TEXT(itoa_into(digits, 0), "0");
  char out[64];
  strcpy(out, "one");
  strcat(out, ",two");
  CHECK_TEXT(out, "one,two");
  CHECK(strcmp("abc", "abd") < 0, 1);
  CHECK(strcmp("b", "abc") > 0, 1);
  CHECK(strcmp("", ""), 0);
  CHECK(strcmp("\xff", "a") > 0, 1);
  CHECK(strncmp("abcdef", "abcxyz", 3), 0);
  CHECK(strchr(out, ',') - out, 3);
  CHECK(strchr(out, 'z') == NULL, 1);
  CHECK(strrchr(out, 'o') - out, 6);
  CHECK_TEXT(strstr(out, "tw"), "two");
  CHECK(memcmp("abc", "abd", 2), 0);
  CHECK(memcmp("a\0b", "a\0c", 3) < 0, 1);
  memset(out, 'x', 5);
  out[5] = 0;
  CHECK_TEXT(out, "xxxxx");
  memcpy(out + 1, "yz", 2);
  CHECK_TEXT(out, "xyzxx");
  memmove(out + 1, out, 4);
  CHECK_TEXT(out, "xxyzx");
  strncpy(out, "ab", 4);
  CHECK(out[2] | out[3], 0);
  CHECK(out[4], 'x');
  CHECK(strspn("aabbc", "ab"), 4);
  CHECK(strcspn("aabbc", "c"), 4);
  sprintf(out, "%d|%5d|%-5d|%05d|%x|%c|%s|%%", -5, 42, 42, 42, 255, 'q', "str");
  CHECK_TEXT(out, "-5|   42|42   |00042|ff|q|str|%");
  sprintf(out, "%u %lld %llx %.3f %+d %#x", 4294967295u, -9000000000ll, 0x123456789abcull, 3.14159, 7, 16);
  CHECK_TEXT(out, "4294967295 -9000000000 123456789abc 3.142 +7 0x10");
  CHECK(snprintf(out, 4, "%s", "truncated"), 9);
  CHECK_TEXT(out, "tru");
  const char *two_lines = "first\
second";
  CHECK_TEXT(two_lines, "firstsecond");
  CHECK(strlen("??/"), 3);
  CHECK_TEXT(&"abcdef"[2], "cdef");
  CHECK_TEXT("abcdef" + 4, "ef");
  CHECK(__func__[0], 'm');
  CHECK(sizeof __func__, 5);
  DONE();
}
