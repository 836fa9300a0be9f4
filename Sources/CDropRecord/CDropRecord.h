// SPDX-License-Identifier: Apache-2.0
#ifndef CDROPRECORD_H
#define CDROPRECORD_H

#include "../../BPF/drop_record.h"

#endif
