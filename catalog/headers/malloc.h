/* The header of memory on the stack and the heap: _alloca is known to the compiler, the heap is stdlib.h's. */
#pragma once
#include <stdlib.h>

#define alloca _alloca
