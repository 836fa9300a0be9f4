/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef DROP_RECORD_H
#define DROP_RECORD_H
struct drop_record { unsigned long long time; };
#endif
