#ifndef CWIDTH_H
#define CWIDTH_H

#include <stdint.h>

/*
 * wcwidth(3): the columns a character takes on a terminal, -1 if the C library does not know it.
 *
 * glibc declares it only for _XOPEN_SOURCE, which Swift's Glibc module does not define.
 */
int CWidth_wcwidth(uint32_t character);

#endif
