/* Marks functions that are better left alone as deprecated for the compiler: nothing to define here. */
#pragma once
