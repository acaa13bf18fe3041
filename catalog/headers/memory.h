/* The older name of string.h, where memory is copied and compared. */
#pragma once
#include <string.h>
