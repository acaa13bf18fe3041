/* Characters of UTF-16 and UTF-32, as types for u'x' and U'x'. */
#pragma once
#include <stddef.h>

typedef unsigned short char16_t;
typedef unsigned int char32_t;
