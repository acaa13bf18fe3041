/* Wide, u8, u and U strings and characters; wchar_t has 16 bits, as on Windows (gcc: -fshort-wchar). */
#include "check.h"

static const wchar_t name[] = L"\\Device\\Dot4";
static wchar_t room[8] = L"abc";
struct counted {
  uint16_t length, maximum;
  const wchar_t *buffer;
};
#define COUNTED(text) {sizeof(text) - sizeof(wchar_t), sizeof(text), text}
static const struct counted device = COUNTED(L"\\Device\\Wsk");
#define WIDEN2(x) L##x
#define WIDEN(x) WIDEN2(x)
#define VALUE "macro"

static int length(const wchar_t *s) {
  int n = 0;
  while (*s++) n++;
  return n;
}

int main(void) {
  CHECK(sizeof(wchar_t), 2);
  CHECK((wchar_t)-1 > 0, 1);
  CHECK(sizeof name, 26);
  CHECK(length(name), 12);
  CHECK(name[0], '\\');
  CHECK(sizeof room, 16);
  CHECK(room[3] | room[7], 0);
  CHECK(device.length, 22);
  CHECK(device.maximum, 24);
  CHECK(device.buffer[8], L'W');
  CHECK(L'x', 120);
  CHECK(sizeof L'x', 2);
  CHECK(L'\xffff', 65535);
  CHECK(L'\u20ac', 0x20ac);
  CHECK(L"\u20ac"[0], 0x20ac);
  CHECK(sizeof L"\U0001F600", 6);
  CHECK(L"\U0001F600"[0], 0xd83d);
  CHECK(L"\U0001F600"[1], 0xde00);
  CHECK(sizeof L"ab" L"cd", 10);
  CHECK((L"ab" L"cd")[3], 'd');
  CHECK(("ab" L"cd")[2], 'c');
  CHECK(sizeof("ab" L"cd"), 10);
  CHECK(sizeof u8"\u00e9", 3);
  CHECK((unsigned char)u8"\u00e9"[0], 0xc3);
  CHECK((unsigned char)u8"\u20ac"[2], 0xac);
  CHECK(sizeof u"\u20ac", 4);
  CHECK(u"\u20ac"[0], 0x20ac);
  CHECK(sizeof U"\U0001F600", 8);
  CHECK(U"\U0001F600"[0], 0x1f600);
  CHECK(u'a', 97);
  CHECK(sizeof U'a', 4);
  CHECK(sizeof WIDEN(VALUE), 12);
  CHECK(WIDEN(VALUE)[4], 'o');
  wchar_t local[] = L"local";
  local[0]++;
  CHECK(local[0], 'm');
  CHECK(length(local), 5);
  CHECK(memcmp(local, L"mocal", sizeof local), 0);
  const wchar_t *p = name + 1;
  while (*p != L'\\') p++;
  CHECK(p - name, 7);
  CHECK(memcmp(L"AB", "A\0B\0\0", 6), 0);
  wchar_t set[] = {L'a', 'b', 0x20ac, 0};
  CHECK(length(set), 3);
  DONE();
}
