// SPDX-License-Identifier: Apache-2.0
#ifndef CLZMA_H
#define CLZMA_H

#include <lzma.h>

#endif
